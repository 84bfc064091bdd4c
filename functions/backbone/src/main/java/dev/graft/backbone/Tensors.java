package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tensors of a graph by name: which layer gives each, and what it is computed from. */
final class Tensors {
    private static final Set<String> SHAPES = Set.of("Shape", "Size");

    private final Map<String, NodeProto> producer = new HashMap<>();
    private final Set<String> constants = new HashSet<>();

    private final GraphProto graph;

    Tensors(GraphProto graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producer.put(output, node));
        }
        // a graph is stored in the order of its computation
        for (NodeProto node : graph.getNodeList()) {
            if (SHAPES.contains(node.getOpType())
                    || inputs(node).allMatch(input -> constants.contains(input))) {
                constants.addAll(node.getOutputList());
            }
        }
    }

    /** The layer that gives a tensor; null for inputs, weights and names that do not occur. */
    @Nullable NodeProto producer(String tensor) {
        return producer.get(tensor);
    }

    /** All layers, in the order of their computation. */
    List<NodeProto> layers() {
        return graph.getNodeList();
    }

    /** Whether a tensor has the same values for every image of the same size. */
    boolean isConstant(String tensor) {
        return tensor.isEmpty() || constants.contains(tensor);
    }

    /** All that is needed to compute these tensors, themselves included. */
    Set<String> needed(Collection<String> tensors) {
        return before(tensors, Integer.MAX_VALUE);
    }

    /** Tensors that these are computed from, the nearest first, themselves included. */
    Set<String> before(Collection<String> tensors, int most) {
        Set<String> needed = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(tensors);
        while (!open.isEmpty() && needed.size() < most) {
            String next = open.removeFirst();
            NodeProto node = needed.add(next) ? producer.get(next) : null;
            if (node != null) {
                inputs(node).forEach(open::addLast);
            }
        }
        return needed;
    }

    /**
     * What a layer reads, by its branches and loops too; optional inputs left out are not in it.
     */
    static Stream<String> inputs(NodeProto node) {
        return Stream.concat(
                        node.getInputList().stream(),
                        node.getAttributeList().stream()
                                .flatMap(attribute -> graphs(attribute).stream())
                                .flatMap(Tensors::captured))
                .filter(input -> !input.isEmpty());
    }

    /** The graphs inside a layer, such as the branches of an {@code If}. */
    static List<GraphProto> graphs(AttributeProto attribute) {
        return attribute.hasG() ? List.of(attribute.getG()) : attribute.getGraphsList();
    }

    private static Stream<String> captured(GraphProto graph) {
        Set<String> own = new HashSet<>();
        graph.getInputList().forEach(input -> own.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
        graph.getNodeList().forEach(node -> own.addAll(node.getOutputList()));
        return Stream.concat(
                        graph.getNodeList().stream().flatMap(Tensors::inputs),
                        graph.getOutputList().stream().map(output -> output.getName()))
                .filter(input -> !own.contains(input));
    }
}
