package dev.graft.classifier;

import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 tells it.
 *
 * @param status of HTTP
 * @param title what kind of error
 * @param detail what failed and what to do
 */
record Problem(int status, String title, @Nullable String detail) {}
