/** Which images to look at next. */
package dev.graft.review;
