package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tensors that a graph stores, as initializers or in nodes of type Constant. */
final class Constants {
    private final Map<String, TensorProto> tensors = new HashMap<>();

    Constants(GraphProto graph) {
        graph.getInitializerList().forEach(tensor -> tensors.put(tensor.getName(), tensor));
        graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Constant"))
                .forEach(
                        node ->
                                node.getAttributeList().stream()
                                        .filter(AttributeProto::hasT)
                                        .forEach(
                                                value ->
                                                        tensors.put(
                                                                node.getOutput(0), value.getT())));
    }

    /** The tensor of that name; null if it is none of these. */
    @Nullable TensorProto get(String name) {
        return tensors.get(name);
    }

    /** The values of a tensor of float16, float32 or float64; empty for other types. */
    static FloatBuffer floats(TensorProto tensor) {
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.getDataType() == TensorProto.DataType.DOUBLE_VALUE) {
            int count = tensor.getDoubleDataCount() + raw.remaining() / Double.BYTES;
            FloatBuffer values = FloatBuffer.allocate(count);
            tensor.getDoubleDataList().forEach(value -> values.put(value.floatValue()));
            while (values.hasRemaining()) {
                values.put((float) raw.getDouble());
            }
            return values.flip();
        }
        if (tensor.getDataType() == TensorProto.DataType.FLOAT16_VALUE) {
            int count = tensor.getInt32DataCount() + raw.remaining() / Short.BYTES;
            FloatBuffer values = FloatBuffer.allocate(count);
            tensor.getInt32DataList()
                    .forEach(bits -> values.put(Float.float16ToFloat(bits.shortValue())));
            while (values.hasRemaining()) {
                values.put(Float.float16ToFloat(raw.getShort()));
            }
            return values.flip();
        }
        if (tensor.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            return FloatBuffer.allocate(0);
        }
        if (tensor.getFloatDataCount() > 0) {
            FloatBuffer values = FloatBuffer.allocate(tensor.getFloatDataCount());
            tensor.getFloatDataList().forEach(values::put);
            return values.flip();
        }
        return raw.asFloatBuffer();
    }
}
