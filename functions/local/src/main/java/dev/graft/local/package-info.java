/** The whole product on one machine. */
package dev.graft.local;
