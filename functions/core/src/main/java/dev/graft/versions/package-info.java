/** The saved heads: list, promote, roll back, preview, report. */
package dev.graft.versions;
