/** What people do with their images and labels: list, label, rename, delete, export. */
package dev.graft.library;
