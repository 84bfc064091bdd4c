package dev.graft.index;

import dev.graft.feature.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a {@link Discriminant} is made of, fold by fold, so that one can be made without the images
 * of a fold at the cost of a Cholesky factor. Sums are in a fixed order: the same images give the
 * same bits.
 */
final class DiscriminantSums {
    /** So much of the mean variance is added to each: of the many images, and for want of them. */
    private static final double SHRINKAGE = 0.03;

    private static final double SHRINKAGE_FOR_FEW = 0.3;

    /** Of unit features that are all the same. */
    private static final double LEAST_VARIANCE = 1e-8;

    /** Rows whose products are summed in float32; a multiple of four. */
    private static final int IN_FLOAT32 = 64;

    /** Rows of the triangle that are added to in turn. */
    private static final int TOGETHER = 64;

    private final int classes;
    private final float[] origin;
    private final Optional<float[]> marked;

    /** (folds), (folds, classes) and (folds, classes, width). */
    private final List<double[][]> products;

    private final int[][] counts;
    private final double[][][] sums;

    /**
     * A labelled image.
     *
     * @param unit (width), of length 1
     */
    record Row(float[] unit, int label, int fold) {}

    /**
     * Of images.
     *
     * @param classes number of classes, each with an image
     * @param folds number of folds
     * @param marked units of the images that show none of the classes
     */
    DiscriminantSums(List<Row> images, int classes, int folds, List<float[]> marked) {
        this.classes = classes;
        this.origin = mean(images.stream().map(Row::unit).toList());
        this.marked = marked.isEmpty() ? Optional.empty() : Optional.of(mean(marked));
        this.counts = new int[folds][classes];
        this.sums = new double[folds][classes][origin.length];
        List<List<float[]>> centred =
                IntStream.range(0, folds)
                        .mapToObj(
                                fold ->
                                        images.stream()
                                                .filter(image -> image.fold() == fold)
                                                .map(
                                                        image ->
                                                                Discriminant.less(
                                                                        image.unit(), origin))
                                                .toList())
                        .toList();
        for (Row image : images) {
            counts[image.fold()][image.label()]++;
            double[] sum = sums[image.fold()][image.label()];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += image.unit()[i] - origin[i];
            }
        }
        this.products = centred.stream().map(rows -> products(rows, origin.length)).toList();
    }

    private static float[] mean(List<float[]> rows) {
        double[] sum = new double[rows.getFirst().length];
        for (float[] row : rows) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / rows.size());
        }
        return mean;
    }

    /**
     * Lower triangle of the sum of the products of each row with itself: of some rows in float32,
     * four at a time, and of all of these in float64.
     */
    private static double[][] products(List<float[]> rows, int width) {
        float[][] padded = new float[(rows.size() + 3) / 4 * 4][width];
        for (int r = 0; r < rows.size(); r++) {
            padded[r] = rows.get(r);
        }
        double[][] products = zeros(width);
        IntStream.range(0, (width + TOGETHER - 1) / TOGETHER)
                .parallel()
                .forEach(
                        part -> {
                            int end = Math.min(width, (part + 1) * TOGETHER);
                            addProducts(padded, products, part * TOGETHER, end);
                        });
        return products;
    }

    /**
     * Some rows are in the cache for all of these rows of the triangle, two of which go at once.
     */
    private static void addProducts(float[][] rows, double[][] products, int from, int to) {
        for (int first = 0; first < rows.length; first += IN_FLOAT32) {
            int end = Math.min(rows.length, first + IN_FLOAT32);
            for (int i = from; i < to; i += 2) {
                int next = Math.min(i + 1, to - 1);
                float[] some = new float[next + 1];
                float[] others = new float[next + 1];
                for (int r = first; r < end; r += 4) {
                    add(rows, r, i, some, others);
                }
                addTo(products[i], some);
                if (next > i) {
                    addTo(products[next], others);
                }
            }
        }
    }

    /** Four rows; all at the same place, or the compiler would use no vector instructions. */
    private static void add(float[][] rows, int first, int i, float[] some, float[] others) {
        float[] a = rows[first];
        float[] b = rows[first + 1];
        float[] c = rows[first + 2];
        float[] d = rows[first + 3];
        int next = others.length - 1;
        float ai = a[i];
        float bi = b[i];
        float ci = c[i];
        float di = d[i];
        float an = a[next];
        float bn = b[next];
        float cn = c[next];
        float dn = d[next];
        for (int j = 0; j < others.length; j++) {
            some[j] += (ai * a[j] + bi * b[j]) + (ci * c[j] + di * d[j]);
            others[j] += (an * a[j] + bn * b[j]) + (cn * c[j] + dn * d[j]);
        }
    }

    private static void addTo(double[] sums, float[] some) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += some[j];
        }
    }

    /** Of all images but those of a fold; of all for a fold that is none. */
    Discriminant without(int fold) {
        int[] count = new int[classes];
        double[][] sum = new double[classes][origin.length];
        double[][] product = zeros(origin.length);
        for (int f = 0; f < counts.length; f++) {
            if (f != fold) {
                for (int c = 0; c < classes; c++) {
                    count[c] += counts[f][c];
                    Vectors.addTo(sum[c], 1, sums[f][c]);
                }
                add(1, products.get(f), product);
            }
        }
        int images = Arrays.stream(count).sum();
        double[] all = new double[origin.length];
        Arrays.stream(sum).forEach(one -> Vectors.addTo(all, 1, one));
        double[][] total = zeros(origin.length);
        add(1, product, total);
        addSquare(-1.0 / images, all, total);
        for (int c = 0; c < classes; c++) {
            if (count[c] > 0) {
                addSquare(-1.0 / count[c], sum[c], product);
            }
        }
        Vectors.scale(all, 1.0 / images);
        Whitening within = whitening(product, images);
        return new Discriminant(
                plus(origin, all),
                within,
                whitening(total, images),
                IntStream.range(0, classes)
                        .filter(c -> count[c] > 0)
                        .mapToObj(
                                c ->
                                        Discriminant.OfClass.of(
                                                within.apply(meanLess(sum[c], count[c], all)),
                                                Math.log((double) count[c] / images)))
                        .toArray(Discriminant.OfClass[]::new),
                marked.map(mean -> within.apply(Discriminant.less(mean, plus(origin, all))))
                        .map(mean -> Discriminant.OfClass.of(mean, 0)));
    }

    private static double[][] zeros(int width) {
        return IntStream.range(0, width).mapToObj(i -> new double[i + 1]).toArray(double[][]::new);
    }

    private static void add(double factor, double[][] from, double[][] to) {
        for (int i = 0; i < to.length; i++) {
            Vectors.addTo(to[i], factor, from[i]);
        }
    }

    private static void addSquare(double factor, double[] vector, double[][] to) {
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j <= i; j++) {
                to[i][j] += factor * vector[i] * vector[j];
            }
        }
    }

    private static Whitening whitening(double[][] sums, int images) {
        int width = sums.length;
        double trace = IntStream.range(0, width).mapToDouble(i -> sums[i][i]).sum() / images;
        double mean = Math.max(LEAST_VARIANCE, trace / width);
        double added = (SHRINKAGE + SHRINKAGE_FOR_FEW * width / images) * mean;
        for (int i = 0; i < width; i++) {
            Vectors.scale(sums[i], 1.0 / images);
            sums[i][i] += added;
        }
        return Whitening.of(sums);
    }

    private static float[] meanLess(double[] sum, int count, double[] mean) {
        float[] less = new float[sum.length];
        for (int i = 0; i < less.length; i++) {
            less[i] = (float) (sum[i] / count - mean[i]);
        }
        return less;
    }

    private static float[] plus(float[] origin, double[] offset) {
        float[] sum = new float[origin.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (origin[i] + offset[i]);
        }
        return sum;
    }
}
