/** The saved heads: list, promote, roll back, preview, report. */
@NullMarked
package dev.graft.versions;

import org.jspecify.annotations.NullMarked;
