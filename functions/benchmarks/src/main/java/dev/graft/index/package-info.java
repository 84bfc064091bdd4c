/** How well unknown images are told from known ones. */
@NullMarked
package dev.graft.index;

import org.jspecify.annotations.NullMarked;
