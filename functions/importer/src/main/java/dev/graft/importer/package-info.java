/** Turns the data sets that people have elsewhere into a folder of pictures. */
@NullMarked
package dev.graft.importer;

import org.jspecify.annotations.NullMarked;
