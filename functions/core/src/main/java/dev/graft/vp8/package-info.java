/** The pictures of lossy WebP: key frames of VP8 (RFC 6386). */
@NullMarked
package dev.graft.vp8;

import org.jspecify.annotations.NullMarked;
