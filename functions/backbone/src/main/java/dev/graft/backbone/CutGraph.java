package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.backbone.Feature.Pooling;
import dev.graft.backbone.QuantizedLayers.Scale;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import dev.graft.image.Preprocessing.Layout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the part of a network that computes some of its tensors, with the input {@code image} of
 * float32 at one size.
 *
 * @param network to be cut
 * @param tensors of its graph
 * @param input of the image
 * @param preprocessing of that input
 * @param name of the graph written
 */
record CutGraph(
        NetworkFile network,
        Tensors tensors,
        ImageInput input,
        Preprocessing preprocessing,
        String name) {

    /** Outputs that depend on the image and on no other input. */
    List<String> outputs() {
        Set<String> others = otherInputs();
        return network.model().getGraph().getOutputList().stream()
                .map(ValueInfoProto::getName)
                .filter(output -> !tensors.isConstant(output))
                .filter(
                        output ->
                                tensors.needed(List.of(output)).stream()
                                        .noneMatch(others::contains))
                .toList();
    }

    private Set<String> otherInputs() {
        GraphProto graph = network.model().getGraph();
        return graph.getInputList().stream()
                .map(ValueInfoProto::getName)
                .filter(name -> !name.equals(input.name()) && !tensors.isConstant(name))
                .collect(Collectors.toSet());
    }

    /** A model like that of the network, but of this graph. */
    ModelProto.Builder model(GraphProto.Builder graph) {
        ModelProto model = network.model();
        return model.toBuilder()
                .setGraph(graph)
                .setIrVersion(Math.max(4, model.getIrVersion()))
                .clearMetadataProps()
                .clearTrainingInfo();
    }

    /** All that these tensors need, without an output. */
    GraphProto.Builder upTo(Collection<String> wanted) {
        Set<String> needed = tensors.needed(wanted);
        for (String other : otherInputs()) {
            if (needed.contains(other)) {
                throw new ConfigurationException(
                        "%s: tensor %s depends on the input %s too, expected one that depends on the image %s alone"
                                .formatted(network.path(), wanted, other, input.name()));
            }
        }
        GraphProto graph = network.model().getGraph();
        String image = input.name() + "/graft";
        GraphProto.Builder cut = GraphProto.newBuilder().setName(name).addInput(image());
        cut.addNode(
                input.type() == DataType.FLOAT
                        ? node("Identity", image, "image")
                        : cast(image, "image", input.typeNumber()));
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                cut.addNode(renamed(node, image));
            }
        }
        for (TensorProto weight : graph.getInitializerList()) {
            if (needed.contains(weight.getName())) {
                cut.addInitializer(weight);
            }
        }
        return cut;
    }

    /** The same layer, reading the input under its new name, in its branches too. */
    private NodeProto renamed(NodeProto node, String image) {
        if (Tensors.inputs(node).noneMatch(input.name()::equals)) {
            return node;
        }
        NodeProto.Builder renamed = node.toBuilder();
        for (int i = 0; i < renamed.getInputCount(); i++) {
            if (renamed.getInput(i).equals(input.name())) {
                renamed.setInput(i, image);
            }
        }
        for (AttributeProto.Builder attribute : renamed.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                renameIn(attribute.getGBuilder(), image);
            }
            attribute.getGraphsBuilderList().forEach(graph -> renameIn(graph, image));
        }
        return renamed.build();
    }

    private void renameIn(GraphProto.Builder branch, String image) {
        for (int i = 0; i < branch.getNodeCount(); i++) {
            branch.setNode(i, renamed(branch.getNode(i), image));
        }
    }

    /** With the output {@code feature}, (n, width), of float32. */
    GraphProto.Builder upTo(Feature feature) {
        List<String> wanted = new ArrayList<>(List.of(feature.tensor()));
        List<NodeProto> last = new ArrayList<>();
        String values = feature.tensor();
        if (feature.type().endsWith("int8")) {
            Scale scale =
                    QuantizedLayers.scale(tensors, values).orElseThrow(() -> noScale(feature));
            wanted.add(scale.scale());
            List<String> inputs = new ArrayList<>(List.of(values, scale.scale()));
            if (!scale.zeroPoint().isEmpty()) {
                wanted.add(scale.zeroPoint());
                inputs.add(scale.zeroPoint());
            }
            values = "graft/real";
            last.add(node("DequantizeLinear", values, inputs.toArray(String[]::new)));
        } else if (!feature.type().equals("float")) {
            last.add(cast("graft/real", values, DataType.FLOAT.getNumber()));
            values = "graft/real";
        }
        GraphProto.Builder cut = upTo(wanted);
        cut.addOutput(value("feature", dynamic("n"), dynamic("w")));
        cut.addAllNode(last);
        pool(cut, values, feature.pooling());
        return cut;
    }

    private ConfigurationException noScale(Feature feature) {
        return new ConfigurationException(
                "%s: tensor '%s' holds 8-bit values whose scale is not to be found, expected one of real values"
                        .formatted(network.path(), feature.tensor()));
    }

    private static void pool(GraphProto.Builder cut, String values, Pooling pooling) {
        if (pooling.option().isEmpty()) {
            cut.addNode(node("Flatten", "feature", values));
            return;
        }
        List<String> parts = new ArrayList<>();
        if (pooling.takesClassToken()) {
            cut.addInitializer(indices("graft/first", 0, 1));
            cut.addNode(onTokens(node("Gather", "graft/cls.token", values, "graft/first")));
            cut.addNode(node("Flatten", "graft/cls", "graft/cls.token"));
            parts.add("graft/cls");
        }
        if (pooling.takesMean()) {
            cut.addInitializer(indices("graft/rest", pooling.special(), pooling.tokens()));
            cut.addNode(onTokens(node("Gather", "graft/patches", values, "graft/rest")));
            cut.addNode(
                    node("Transpose", "graft/columns", "graft/patches").toBuilder()
                            .addAttribute(
                                    AttributeProto.newBuilder()
                                            .setName("perm")
                                            .setType(AttributeProto.AttributeType.INTS)
                                            .addAllInts(List.of(0L, 2L, 1L)))
                            .build());
            // a mean whose axes are an attribute up to opset 17 and an input from 18 on
            cut.addNode(node("GlobalAveragePool", "graft/means", "graft/columns"));
            cut.addNode(node("Flatten", "graft/mean", "graft/means"));
            parts.add("graft/mean");
        }
        cut.addNode(onTokens(node("Concat", "feature", parts.toArray(String[]::new))));
    }

    private static NodeProto onTokens(NodeProto node) {
        return node.toBuilder().addAttribute(number("axis", 1)).build();
    }

    private static TensorProto indices(String name, int from, int end) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64.getNumber())
                .addDims(end - from)
                .addAllInt64Data(IntStream.range(from, end).asLongStream().boxed().toList())
                .build();
    }

    private static NodeProto cast(String output, String input, int type) {
        return node("Cast", output, input).toBuilder().addAttribute(number("to", type)).build();
    }

    private static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static NodeProto node(String type, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private ValueInfoProto image() {
        Dimension side = Dimension.newBuilder().setDimValue(preprocessing.crop()).build();
        Dimension three = Dimension.newBuilder().setDimValue(3).build();
        return preprocessing.layout() == Layout.NCHW
                ? value("image", dynamic("n"), three, side, side)
                : value("image", dynamic("n"), side, side, three);
    }

    private static Dimension dynamic(String name) {
        return Dimension.newBuilder().setDimParam(name).build();
    }

    private static ValueInfoProto value(String name, Dimension... shape) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(DataType.FLOAT.getNumber())
                                                .setShape(
                                                        TensorShapeProto.newBuilder()
                                                                .addAllDim(List.of(shape)))))
                .build();
    }
}
