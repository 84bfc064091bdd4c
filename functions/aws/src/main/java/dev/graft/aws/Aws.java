package dev.graft.aws;

import dev.graft.feature.ConfigurationException;
import dev.graft.feature.FeatureStore;
import dev.graft.feature.ImageIndex;
import dev.graft.feature.ImageStore;
import dev.graft.feature.LabelSets;
import dev.graft.feature.LabelStore;
import dev.graft.feature.NetworkStore;
import dev.graft.head.HeadStore;
import dev.graft.index.IndexStore;
import dev.graft.index.VectorIndex;
import dev.graft.ingest.EventQueue;
import dev.graft.ingest.FollowedBucket;
import dev.graft.library.History;
import dev.graft.library.Links;
import dev.graft.library.ResultStore;
import dev.graft.library.Shares;
import dev.graft.training.Trainer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.EndpointTag;
import software.amazon.awssdk.regions.PartitionEndpointKey;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The connections to S3, DynamoDB, SQS, S3 Vectors and Lambda that an environment describes, made
 * once and shared by all stores. Safe for use by many threads.
 *
 * <p>Read are {@code AWS_REGION} (or {@code AWS_DEFAULT_REGION}), {@code AWS_ENDPOINT_URL_S3},
 * {@code AWS_ENDPOINT_URL_DYNAMODB}, {@code AWS_ENDPOINT_URL_SQS}, {@code
 * AWS_ENDPOINT_URL_S3VECTORS} and {@code AWS_ENDPOINT_URL_LAMBDA} (or {@code AWS_ENDPOINT_URL} for
 * all), and {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_SESSION_TOKEN}.
 * Without keys, and where the platform hands out credentials that it renews ({@code
 * AWS_CONTAINER_CREDENTIALS_FULL_URI}, as under SnapStart), the SDK's default chain finds them.
 */
public final class Aws implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    /** In S3 Vectors, of an index that nobody asked for a while. */
    private static final Duration SEARCH = Duration.ofSeconds(2);

    private static final int MOVED_AT_ONCE = 400;
    private static final String INTERCEPTORS =
            "software/amazon/awssdk/global/handlers/execution.interceptors";
    private static final List<String> OTHER_ENDPOINTS =
            List.of("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT");
    private static final Duration CALL_WITH_RETRIES = Duration.ofSeconds(45);

    private final LightS3 s3;
    private final OnDemand<S3Presigner> presigner;
    private final LightDynamoDb dynamoDb;
    private final SignedRequests lambda;
    private final Function<Duration, SignedRequests> vectors;
    private final OnDemand<SqsClient> sqs;

    /**
     * Prepares the connections; nothing is sent yet.
     *
     * @param environment variables as {@link System#getenv()} gives them
     * @throws ConfigurationException if it names no region
     */
    public Aws(Map<String, String> environment) {
        this(
                environment,
                new LightS3(
                        () -> s3(environment),
                        light("s3", environment),
                        endpoint(environment, "S3").isPresent()),
                new LightDynamoDb(() -> dynamoDb(environment), light("dynamodb", environment)));
    }

    /**
     * Likewise, with something before the connections, as where both services are in this process.
     *
     * @param beforeS3 gives the client to use, which may hand on to the one it is given
     * @param beforeDynamoDb likewise
     */
    public Aws(
            Map<String, String> environment,
            UnaryOperator<S3Client> beforeS3,
            UnaryOperator<DynamoDbClient> beforeDynamoDb) {
        this(
                environment,
                new LightS3(() -> beforeS3.apply(s3(environment)), Optional.empty(), true),
                new LightDynamoDb(
                        () -> beforeDynamoDb.apply(dynamoDb(environment)), Optional.empty()));
    }

    private Aws(Map<String, String> environment, LightS3 s3, LightDynamoDb dynamoDb) {
        this.s3 = s3;
        this.presigner = new OnDemand<>(() -> presigner(environment));
        this.dynamoDb = dynamoDb;
        this.lambda = signed("lambda", ANSWER, PartitionMetadata::dnsSuffix, environment);
        this.vectors = patience -> signed("s3vectors", patience, Aws::dualStack, environment);
        this.sqs = new OnDemand<>(() -> queues(environment));
    }

    /**
     * Requests of our own, where these go where the SDK's would and nobody waits to be told of
     * them: the keys are at hand, and neither endpoints of another kind nor interceptors are asked
     * for. They wait for two seconds, and the SDK's clients for longer.
     */
    private static Optional<SignedRequests> light(String service, Map<String, String> environment) {
        SignedRequests requests =
                signed(service, CONNECT, PartitionMetadata::dnsSuffix, environment);
        return Optional.of(requests)
                .filter(plain -> plain.credentials() instanceof StaticCredentialsProvider)
                .filter(plain -> OTHER_ENDPOINTS.stream().noneMatch(environment::containsKey))
                .filter(plain -> Aws.class.getClassLoader().getResource(INTERCEPTORS) == null);
    }

    private static S3Client s3(Map<String, String> environment) {
        S3ClientBuilder s3 = configured(S3Client.builder(), environment);
        endpoint(environment, "S3")
                .ifPresent(
                        endpoint ->
                                s3.endpointOverride(endpoint)
                                        .forcePathStyle(true)
                                        .requestChecksumCalculation(
                                                RequestChecksumCalculation.WHEN_REQUIRED)
                                        .responseChecksumValidation(
                                                ResponseChecksumValidation.WHEN_REQUIRED));
        return s3.httpClientBuilder(http()).build();
    }

    private static DynamoDbClient dynamoDb(Map<String, String> environment) {
        var dynamoDb = configured(DynamoDbClient.builder(), environment);
        endpoint(environment, "DYNAMODB").ifPresent(dynamoDb::endpointOverride);
        return dynamoDb.httpClientBuilder(http()).build();
    }

    private static UrlConnectionHttpClient.Builder http() {
        return UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ANSWER);
    }

    private static String dualStack(PartitionMetadata partition) {
        return partition.dnsSuffix(
                PartitionEndpointKey.builder().tags(EndpointTag.DUALSTACK).build());
    }

    /** The partition is looked up by the first request, not at every start. */
    private static SignedRequests signed(
            String service,
            Duration patience,
            Function<PartitionMetadata, String> suffix,
            Map<String, String> environment) {
        Region region = region(environment);
        Optional<URI> given = endpoint(environment, service.toUpperCase(Locale.ROOT));
        return new SignedRequests(
                service,
                () -> given.orElseGet(() -> ofRegion(service, region, suffix)),
                region,
                credentials(environment),
                CONNECT,
                patience);
    }

    private static URI ofRegion(
            String service, Region region, Function<PartitionMetadata, String> suffix) {
        String domain = suffix.apply(PartitionMetadata.of(region));
        return URI.create("https://%s.%s.%s".formatted(service, region.id(), domain));
    }

    private static S3Presigner presigner(Map<String, String> environment) {
        S3Presigner.Builder links =
                S3Presigner.builder()
                        .region(region(environment))
                        .credentialsProvider(credentials(environment))
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .pathStyleAccessEnabled(
                                                endpoint(environment, "S3").isPresent())
                                        .build());
        endpoint(environment, "S3").ifPresent(links::endpointOverride);
        return links.build();
    }

    private static SqsClient queues(Map<String, String> environment) {
        var builder = configured(SqsClient.builder(), environment);
        endpoint(environment, "SQS").ifPresent(builder::endpointOverride);
        return builder.httpClientBuilder(http()).build();
    }

    /** The features in this table. */
    public FeatureStore featureStore(String table) {
        return new DynamoFeatureStore(dynamoDb, table, InstantSource.system());
    }

    /** The decisions about labels in this table. */
    public LabelStore labelStore(String table) {
        return new DynamoLabelStore(dynamoDb, table, InstantSource.system());
    }

    /** The move of a table of the format before into this one. */
    public Format1 format1(String from, String table) {
        return new Format1(dynamoDb, from, table, MOVED_AT_ONCE, InstantSource.system());
    }

    /** The images in this bucket. */
    public ImageStore imageStore(String bucket) {
        return new S3ImageStore(s3, bucket);
    }

    /** Another bucket, whose objects become images of {@code images}. */
    public FollowedBucket followedBucket(String name, String images) {
        return new S3FollowedBucket(s3, name, images);
    }

    /** The lists of the images in this table. */
    public ImageIndex imageIndex(String table) {
        return new DynamoImageIndex(dynamoDb, table);
    }

    /** The label sets of the images in this table. */
    public LabelSets labelSets(String table) {
        return new DynamoLabelSets(dynamoDb, table);
    }

    /** Files made for people in this bucket. */
    public ResultStore resultStore(String bucket) {
        return new S3ResultStore(s3, bucket);
    }

    /** What people did, in this table. */
    public History history(String table) {
        return new DynamoHistory(dynamoDb, table);
    }

    /** Links by which others may classify, in this table. */
    public Shares shares(String table) {
        return new DynamoShares(dynamoDb, table);
    }

    /** Links to the objects of this bucket; what signs them is made when the first is asked for. */
    public Links links(String bucket) {
        return new S3Links(presigner, bucket);
    }

    /** The networks in this bucket of heads. */
    public NetworkStore networkStore(String bucket) {
        return new S3NetworkStore(s3, bucket);
    }

    /** The files of the index in this bucket of heads. */
    public IndexStore indexStore(String bucket) {
        return new S3IndexStore(s3, bucket);
    }

    /** The heads in this bucket. */
    public HeadStore headStore(String bucket) {
        return new S3HeadStore(s3, bucket);
    }

    /**
     * The queues that events come by, whose dead letters are kept in the queue of this address. The
     * connection is made here, as most functions have no queue and would start the later for it.
     */
    public EventQueue eventQueue(String deadLetters) {
        return new SqsEventQueue(sqs.get(), deadLetters);
    }

    /** The trainer, which is the function of this name. */
    public Trainer trainer(String function) {
        return new LambdaTrainer(lambda, function);
    }

    /**
     * Features in the vector bucket of this ARN.
     *
     * @throws ConfigurationException if it is none
     */
    public VectorIndex vectorIndex(String bucket) {
        return new S3VectorIndex(vectors.apply(ANSWER), vectors.apply(SEARCH), bucket);
    }

    /** Whether a client of the SDK was needed so far. */
    boolean hasClients() {
        return s3.isMade() || dynamoDb.isMade();
    }

    /** The client of S3. */
    public S3Client s3() {
        return s3.sdk();
    }

    /** The client of DynamoDB. */
    public DynamoDbClient dynamoDb() {
        return dynamoDb.sdk();
    }

    @Override
    public void close() {
        presigner.close();
        s3.close();
        dynamoDb.close();
        sqs.close();
    }

    private static <B extends AwsClientBuilder<B, ?>> B configured(
            B builder, Map<String, String> environment) {
        return builder.region(region(environment))
                .credentialsProvider(credentials(environment))
                .overrideConfiguration(
                        c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(CALL_WITH_RETRIES));
    }

    private static Region region(Map<String, String> environment) {
        return given(environment, "AWS_REGION")
                .or(() -> given(environment, "AWS_DEFAULT_REGION"))
                .map(Region::of)
                .orElseThrow(
                        () ->
                                new ConfigurationException(
                                        "AWS_REGION is not set, expected a region such as"
                                                + " eu-central-1: set it in the environment"));
    }

    static AwsCredentialsProvider credentials(Map<String, String> environment) {
        Optional<String> key = given(environment, "AWS_ACCESS_KEY_ID");
        Optional<String> secret = given(environment, "AWS_SECRET_ACCESS_KEY");
        boolean renewed = given(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent();
        if (renewed || key.isEmpty() || secret.isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        AwsCredentials credentials =
                given(environment, "AWS_SESSION_TOKEN")
                        .<AwsCredentials>map(
                                token ->
                                        AwsSessionCredentials.create(
                                                key.get(), secret.get(), token))
                        .orElseGet(() -> AwsBasicCredentials.create(key.get(), secret.get()));
        return StaticCredentialsProvider.create(credentials);
    }

    static Optional<URI> endpoint(Map<String, String> environment, String service) {
        return given(environment, "AWS_ENDPOINT_URL_" + service)
                .or(() -> given(environment, "AWS_ENDPOINT_URL"))
                .map(URI::create);
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
