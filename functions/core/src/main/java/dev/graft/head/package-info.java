/** The trained layer: its numbers, its files and the store that keeps every version. */
package dev.graft.head;
