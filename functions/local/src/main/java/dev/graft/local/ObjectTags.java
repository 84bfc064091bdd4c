package dev.graft.local;

import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The tags of an object within the limits of Amazon S3 (User Guide, "Categorizing your storage
 * using tags").
 *
 * @param values by key
 */
record ObjectTags(SortedMap<String, String> values) {
    static final ObjectTags NONE = new ObjectTags(Collections.emptySortedMap());

    private static final int MOST_TAGS = 10;
    private static final int MOST_KEY_CHARACTERS = 128;
    private static final int MOST_VALUE_CHARACTERS = 256;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    /**
     * As the header {@code x-amz-tagging} has them: {@code label=sea%2Bsky&who=ann}.
     *
     * @throws IllegalArgumentException if they are not within the limits
     */
    static ObjectTags ofHeader(String text) {
        TreeMap<String, String> values = new TreeMap<>();
        for (String tag : text.split("&")) {
            String[] parts = tag.split("=", 2);
            if (!tag.isEmpty()) {
                add(values, decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
            }
        }
        return new ObjectTags(values);
    }

    /**
     * As the body of {@code PUT ?tagging} has them.
     *
     * @throws XMLStreamException if it is no {@code Tagging} in XML
     * @throws IllegalArgumentException if they are not within the limits
     */
    static ObjectTags ofXml(byte[] body) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(body));
        xml.nextTag();
        xml.require(XMLStreamConstants.START_ELEMENT, null, "Tagging");
        xml.nextTag();
        xml.require(XMLStreamConstants.START_ELEMENT, null, "TagSet");
        TreeMap<String, String> values = new TreeMap<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            xml.require(XMLStreamConstants.START_ELEMENT, null, "Tag");
            TreeMap<String, String> one = new TreeMap<>();
            while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
                one.put(xml.getLocalName(), xml.getElementText());
            }
            if (!one.keySet().equals(Set.of("Key", "Value"))) {
                throw new XMLStreamException("a Tag has one Key and one Value");
            }
            add(values, one.firstEntry().getValue(), one.lastEntry().getValue());
        }
        return new ObjectTags(values);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void add(SortedMap<String, String> values, String key, String value) {
        if (key.isEmpty()
                || key.length() > MOST_KEY_CHARACTERS
                || key.startsWith("aws:")
                || !ALLOWED.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "a tag's key has 1 to %d letters, digits, spaces and _.:/=+-@ and does not begin with aws:, but one is '%s'"
                            .formatted(MOST_KEY_CHARACTERS, key));
        }
        if (value.length() > MOST_VALUE_CHARACTERS || !ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a tag's value has at most %d letters, digits, spaces and _.:/=+-@, but that of '%s' is '%s'"
                            .formatted(MOST_VALUE_CHARACTERS, key, value));
        }
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException("two tags have the key '%s'".formatted(key));
        }
        if (values.size() > MOST_TAGS) {
            throw new IllegalArgumentException(
                    "an object has at most %d tags".formatted(MOST_TAGS));
        }
    }

    int count() {
        return values.size();
    }

    /** As {@link #ofHeader} reads it, in ASCII. */
    String header() {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (key, value) ->
                        text.append(text.isEmpty() ? "" : "&")
                                .append(encoded(key))
                                .append('=')
                                .append(encoded(value)));
        return text.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What {@code GET ?tagging} answers; none of the characters allowed has to be escaped. */
    String xml() {
        StringBuilder tags = new StringBuilder();
        values.forEach(
                (key, value) ->
                        tags.append(
                                "<Tag><Key>%s</Key><Value>%s</Value></Tag>".formatted(key, value)));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>%s</TagSet></Tagging>"
                .formatted(tags);
    }
}
