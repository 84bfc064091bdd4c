package dev.graft.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.graft.feature.Backbone;
import dev.graft.feature.ConfigurationException;
import dev.graft.feature.FeatureIdentity;
import dev.graft.feature.FeatureMap;
import dev.graft.image.NetworkMetadata;
import dev.graft.image.PixelPath;
import dev.graft.image.Preprocessing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A cut network (metadata {@code graft.*} inside, input {@code image}, output {@code feature}) on
 * the CPU of ONNX Runtime. Safe for use by many threads until it is closed.
 */
public final class OnnxBackbone implements Backbone {

    /** As many runs at once as there are processors, first come, first served. */
    private static final Semaphore TURNS =
            new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String id;
    private final String name;
    private final PixelPath pixelPath;
    private final Preprocessing preprocessing;
    private final long[] shape;
    private final int width;
    private final int threads;

    /** Memory outside the heap for pixels, used again: as much as runs at once. */
    private final Queue<FloatBuffer> inputs = new ConcurrentLinkedQueue<>();

    private boolean askedForMaps;
    private Optional<MapSession> maps = Optional.empty();

    private OnnxBackbone(
            Path file,
            PixelPath pixelPath,
            OrtEnvironment environment,
            OrtSession session,
            int threads)
            throws OrtException, IOException {
        this.file = file;
        this.pixelPath = pixelPath;
        this.environment = environment;
        this.session = session;
        this.threads = threads;
        Map<String, String> metadata = session.getMetadata().getCustomMetadata();
        if (!metadata.containsKey(NetworkMetadata.NAME)
                || !metadata.containsKey(NetworkMetadata.FEATURE)) {
            throw wrong(
                    "has no metadata %s and %s: give the cut network"
                            .formatted(NetworkMetadata.NAME, NetworkMetadata.FEATURE));
        }
        this.name = metadata.get(NetworkMetadata.NAME);
        this.preprocessing = Preprocessing.fromMetadata(metadata);
        this.id = FeatureIdentity.of(metadata, NotedHash.of(file), pixelPath).id();
        int side = preprocessing.crop();
        this.shape =
                preprocessing.layout() == Preprocessing.Layout.NCHW
                        ? new long[] {1, 3, side, side}
                        : new long[] {1, side, side, 3};
        checkInput();
        this.width = inTurn(new float[3 * side * side], this::run).length;
    }

    /**
     * Opens a cut network and runs it once.
     *
     * @param file the .onnx file
     * @param threads of one run, at least 1
     * @throws ConfigurationException if the file cannot be read, is no network, is not cut, or does
     *     not give a finite feature
     */
    public static OnnxBackbone open(Path file, int threads) {
        return open(file, threads, PixelPath.CURRENT);
    }

    /**
     * The same on a certain pixel path, as for features that were stored earlier.
     *
     * @throws ConfigurationException as {@link #open(Path, int)}
     */
    public static OnnxBackbone open(Path file, int threads, PixelPath pixelPath) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException("backbone " + file + ": expected a file, found none");
        }
        @Nullable OrtSession session = null;
        try (OrtSession.SessionOptions options = options(threads)) {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            session = environment.createSession(file.toString(), options);
            return new OnnxBackbone(file, pixelPath, environment, session, threads);
        } catch (OrtException | IOException | IllegalArgumentException e) {
            close(session);
            throw new ConfigurationException("backbone " + file + ": " + e.getMessage(), e);
        } catch (ConfigurationException e) {
            close(session);
            throw e;
        }
    }

    private static OrtSession.SessionOptions options(int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public PixelPath pixelPath() {
        return pixelPath;
    }

    @Override
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ConfigurationException if ONNX Runtime fails or the feature is not finite
     */
    @Override
    public float[] feature(float[] pixels) {
        checkLength(pixels);
        try {
            return inTurn(pixels, this::run);
        } catch (OrtException e) {
            throw new ConfigurationException("backbone " + file + ": " + e.getMessage(), e);
        }
    }

    private void checkLength(float[] pixels) {
        long expected = shape[1] * shape[2] * shape[3];
        if (pixels.length != expected) {
            throw new IllegalArgumentException(
                    "image for backbone %s has %d values, expected %d"
                            .formatted(name, pixels.length, expected));
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws ConfigurationException if ONNX Runtime fails
     */
    @Override
    public Optional<FeatureMap> map(float[] pixels) {
        checkLength(pixels);
        try {
            Optional<MapSession> session = maps();
            return session.isPresent() ? inTurn(pixels, session.get()::map) : Optional.empty();
        } catch (OrtException | IOException e) {
            throw new ConfigurationException("backbone " + file + ": " + e.getMessage(), e);
        }
    }

    private synchronized Optional<MapSession> maps() throws OrtException, IOException {
        if (!askedForMaps) {
            try (OrtSession.SessionOptions options = options(threads)) {
                maps = MapSession.open(Files.readAllBytes(file), environment, options);
            }
            askedForMaps = true;
        }
        return maps;
    }

    @Override
    public synchronized void close() {
        close(session);
        maps.ifPresent(opened -> close(opened.session()));
    }

    /** What is computed of an image. */
    private interface Run<T> {
        T of(OnnxTensor image) throws OrtException;
    }

    /** Every run of a network, once it is its turn. */
    private <T> T inTurn(float[] pixels, Run<T> run) throws OrtException {
        TURNS.acquireUninterruptibly();
        try {
            FloatBuffer input = Objects.requireNonNullElseGet(inputs.poll(), this::input);
            try (OnnxTensor image =
                    OnnxTensor.createTensor(environment, input.put(0, pixels), shape)) {
                return run.of(image);
            } finally {
                inputs.add(input);
            }
        } finally {
            TURNS.release();
        }
    }

    private FloatBuffer input() {
        int values = Math.toIntExact(shape[1] * shape[2] * shape[3]);
        return ByteBuffer.allocateDirect(Float.BYTES * values)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private float[] run(OnnxTensor image) throws OrtException {
        try (OrtSession.Result result = session.run(Map.of("image", image))) {
            if (!(result.get(0) instanceof OnnxTensor tensor)
                    || tensor.getInfo().type != OnnxJavaType.FLOAT
                    || tensor.getInfo().getShape().length != 2) {
                throw wrong("expected one float32 output (n, width), found " + result.get(0));
            }
            FloatBuffer values = tensor.getFloatBuffer();
            float[] feature = new float[values.remaining()];
            values.get(feature);
            for (int i = 0; i < feature.length; i++) {
                if (!Float.isFinite(feature[i])) {
                    throw wrong("gave " + feature[i] + " at " + i + ", expected finite values");
                }
            }
            return feature;
        }
    }

    private void checkInput() throws OrtException {
        NodeInfo input = session.getInputInfo().get("image");
        if (session.getNumInputs() != 1
                || session.getNumOutputs() != 1
                || input == null
                || !(input.getInfo() instanceof TensorInfo tensor)
                || tensor.type != OnnxJavaType.FLOAT
                || !fits(tensor.getShape())) {
            throw wrong(
                    "expected one float32 input image of shape %s and one output, found %s"
                            .formatted(Arrays.toString(shape), session.getInputInfo().values()));
        }
    }

    private boolean fits(long[] found) {
        boolean fits = found.length == 4;
        for (int i = 0; fits && i < 4; i++) {
            fits = found[i] == -1 || found[i] == shape[i];
        }
        return fits;
    }

    private ConfigurationException wrong(String problem) {
        return new ConfigurationException("backbone " + file + ": " + problem);
    }

    private static void close(@Nullable OrtSession session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not free a session", e);
        }
    }
}
