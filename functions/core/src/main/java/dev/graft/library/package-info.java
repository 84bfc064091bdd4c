/**
 * What people do with their images and labels: list, label one or many by a file, rename, delete,
 * export.
 */
package dev.graft.library;
