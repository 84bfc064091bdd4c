/** From any image classification network in ONNX to the file a backbone is: the graph cut. */
package dev.graft.backbone;
