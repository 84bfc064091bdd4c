package dev.graft.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.feature.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A project of Azure AI Custom Vision, read through its Training API 3.3: the tags, then tagged and
 * untagged images by pages, oldest first. The addresses of images expire; where one is refused, its
 * page is read anew.
 */
final class CustomVisionProject implements Source {
    /** The environment variable that holds the training key, as in the guides of Azure. */
    static final String KEY = "VISION_TRAINING_KEY";

    private static final int PAGE = 256;

    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(https?://[^/?#]+)/customvision/v3\\.\\d+(?:-preview)?/training/projects/([0-9A-Za-z-]+)/?");

    private final Download download;
    private final String project;
    private final String id;
    private final String key;

    private CustomVisionProject(Download download, String project, String id, String key) {
        this.download = download;
        this.project = project;
        this.id = id;
        this.key = key;
    }

    /** What addresses look like, for messages. */
    static final String EXAMPLE =
            "https://NAME.cognitiveservices.azure.com/customvision/v3.3/training/projects/ID";

    /**
     * The project at an address.
     *
     * @param environment has the key
     * @throws IllegalArgumentException if it is none of a project, or would send the key in clear
     * @throws ConfigurationException if there is no key
     */
    static CustomVisionProject of(
            String address, Download download, Map<String, String> environment) {
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "%s is no project of Custom Vision: expected an address such as %s"
                            .formatted(address, EXAMPLE));
        }
        URI host = URI.create(matcher.group(1));
        boolean here = "localhost".equals(host.getHost()) || "127.0.0.1".equals(host.getHost());
        if (!here && "http".equals(host.getScheme())) {
            throw new IllegalArgumentException(
                    "%s would send the key in clear: expected https://".formatted(address));
        }
        String key = environment.getOrDefault(KEY, "").strip();
        if (key.isEmpty()) {
            throw new ConfigurationException(
                    "the environment variable %s is not set: expected the training key of the project, which customvision.ai shows in its settings"
                            .formatted(KEY));
        }
        String project = host + "/customvision/v3.3/training/projects/" + matcher.group(2);
        return new CustomVisionProject(download, project, matcher.group(2), key);
    }

    @Override
    public void read(Found found) throws IOException, InterruptedException {
        CustomVisionPage.Tags tags = new CustomVisionPage.Tags();
        get("/tags").forEach(tags::add);
        boolean regions = false;
        for (String kind : List.of("tagged", "untagged")) {
            int skip = 0;
            for (Page page = new Page(kind, 0); !page.images.isEmpty(); ) {
                for (CustomVisionPage.Image image : page.images) {
                    regions |= image.regions();
                    Page its = page;
                    found.picture(
                            new Picture(
                                    "customvision:" + id + "/" + image.id(),
                                    image.id(),
                                    tags.labels(image),
                                    () -> its.read(image)));
                }
                skip += page.images.size();
                page = new Page(kind, skip);
            }
        }
        if (regions) {
            found.note(CustomVisionPage.REGIONS);
        }
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(project + path);
        try {
            return JsonElements.JSON.readTree(download.withKey(uri, Map.of("Training-Key", key)));
        } catch (JsonProcessingException e) {
            throw new IOException(project + path + " answers with no JSON", e);
        } catch (Download.Refused e) {
            boolean ours = e.status() == 401 || e.status() == 403;
            String remedy =
                    ours ? ": check the key in " + KEY : ": check the address of the project";
            if (e.status() >= 500 || e.status() == 429) {
                throw e;
            }
            throw new IllegalArgumentException(e.getMessage() + remedy, e);
        }
    }

    /** A page of images, whose addresses are renewed when they expire. */
    private final class Page {
        private final String path;
        private final List<CustomVisionPage.Image> images = new ArrayList<>();
        private final Map<String, String> addresses = new ConcurrentHashMap<>();

        Page(String kind, int skip) throws IOException, InterruptedException {
            this.path = "/images/%s?take=%d&skip=%d&orderBy=Oldest".formatted(kind, PAGE, skip);
            for (JsonNode one : get(path)) {
                CustomVisionPage.Image image = CustomVisionPage.image(one);
                images.add(image);
                addresses.put(image.id(), image.uri());
            }
        }

        byte[] read(CustomVisionPage.Image image) throws IOException, InterruptedException {
            String address = Optional.ofNullable(addresses.get(image.id())).orElse(image.uri());
            try {
                return download.picture(URI.create(address));
            } catch (Download.Refused e) {
                if (e.status() != 401 && e.status() != 403 && e.status() != 404) {
                    throw e;
                }
                return download.picture(URI.create(renewed(image, address)));
            }
        }

        /** Once for all images of the page whose addresses expired together. */
        private synchronized String renewed(CustomVisionPage.Image image, String expired)
                throws IOException, InterruptedException {
            if (expired.equals(addresses.get(image.id()))) {
                addresses.remove(image.id());
                for (JsonNode one : get(path)) {
                    CustomVisionPage.Image again = CustomVisionPage.image(one);
                    addresses.put(again.id(), again.uri());
                }
            }
            return Optional.ofNullable(addresses.get(image.id()))
                    .orElseThrow(
                            () ->
                                    new IOException(
                                            "the address of image %s expired, and its page no longer has it: start again"
                                                    .formatted(image.id())));
        }
    }

    @Override
    public void close() {
        // nothing is open between requests
    }
}
