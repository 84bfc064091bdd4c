/** The backbone on ONNX Runtime; the only package that sees it. */
package dev.graft.onnx;
