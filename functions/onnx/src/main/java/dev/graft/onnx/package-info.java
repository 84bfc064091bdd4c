/** The backbone on ONNX Runtime; the only package that sees it. */
@NullMarked
package dev.graft.onnx;

import org.jspecify.annotations.NullMarked;
