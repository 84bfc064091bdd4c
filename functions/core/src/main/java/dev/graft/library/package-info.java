/**
 * What people do with their images and labels: list, label one or many by a file, rename, delete,
 * export.
 */
@NullMarked
package dev.graft.library;

import org.jspecify.annotations.NullMarked;
