/** From any image classification network in ONNX to the file a backbone is: the graph cut. */
@NullMarked
package dev.graft.backbone;

import org.jspecify.annotations.NullMarked;
