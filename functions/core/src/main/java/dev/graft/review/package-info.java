/** Which images to look at next. */
@NullMarked
package dev.graft.review;

import org.jspecify.annotations.NullMarked;
