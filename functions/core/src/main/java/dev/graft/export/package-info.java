/** The whole model as one file for other runtimes. */
package dev.graft.export;
