package dev.graft.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small data set in each format, as its documentation has it. */
class FormatsTest {
    @TempDir private Path folder;

    private Path source() {
        return folder.resolve("source");
    }

    private Imported imported(String name) throws InterruptedException {
        return new Imported(folder.resolve("into")).run(source().resolve(name));
    }

    @Test
    void foldersOfRoboflowAreSplitsOfClasses() throws Exception {
        Imported.pictures(
                source(),
                "train/cat/1.png",
                "valid/cat/1.png",
                "test/dog/1.png",
                "README.roboflow.txt");
        Imported found = imported("");
        assertEquals(3, found.files().size(), found::text);
        assertTrue(found.files().containsAll(Set.of("cat/1.png", "dog/1.png")), found::text);
        assertTrue(found.text().contains("README.roboflow.txt: it is no picture"), found::text);
        assertTrue(found.text().contains("      2  cat"), found::text);
        assertEquals(new Import.Result(true, 3, false), found.result);
    }

    @Test
    void classesOfRoboflowAreColumns() throws Exception {
        Imported.pictures(source(), "train/a.png", "train/b.png", "valid/c.png", "valid/d.png");
        String heading = "filename, cat, dog\n";
        Imported.write(
                source().resolve("train/_classes.csv"), heading + "a.png, 1, 0\nb.png, 1, 1\n");
        Imported.write(
                source().resolve("valid/_classes.csv"), heading + "c.png, 0, 0\nlost.png, 1, 0\n");
        Imported found = imported("");
        assertEquals(Set.of("cat/a.png", "cat+dog/b.png", "c.png", "d.png"), found.files());
        assertTrue(found.result.several());
        assertTrue(found.text().contains("lost.png: there is no file of that name"), found::text);
        assertTrue(
                found.text().contains("1 pictures are named in no annotation file"), found::text);
    }

    @Test
    void categoriesOfCocoAreLabels() throws Exception {
        Imported.pictures(source(), "images/a.png", "images/b.png", "images/c.png");
        Imported.write(
                source().resolve("instances.json"),
                """
                {"info": {"year": 2026}, "licenses": [{"id": 1}],
                 "images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "images\\\\b.png"}, {"id": 3, "file_name": "c.png"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1]}, {"id": 2, "image_id": 1, "category_id": 7},
                   {"id": 3, "image_id": 2, "category_id": 7}, {"id": 4, "image_id": 2, "category_id": 8},
                   {"id": 5, "image_id": 9, "category_id": 7}, {"id": 6, "image_id": 3, "category_id": 5}],
                 "categories": [{"id": 7, "name": "cat"}, {"id": 8, "name": "dog"}]}
                """);
        Imported found = imported("instances.json");
        assertEquals(Set.of("cat/a.png", "cat+dog/b.png", "c.png"), found.files());
        assertTrue(
                found.text().contains("annotations of image 9: the file has no image"),
                found::text);
        assertTrue(
                found.text().contains("category 5 of image 3: the file has no category"),
                found::text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v.csv | 'training,gs://bucket/some/a.png,cat\nTEST,gs://bucket/some/b.png,cat,dog\ngs://bucket/some/c.png\ngs://bucket/other/d.png,cat'",
                "v.jsonl | '{\"imageGcsUri\": \"gs://bucket/some/a.png\", \"classificationAnnotation\": {\"displayName\": \"cat\"}, \"dataItemResourceLabels\": {\"aiplatform.googleapis.com/ml_use\": \"training\"}}\n{\"imageGcsUri\": \"gs://bucket/some/b.png\", \"classificationAnnotations\": [{\"displayName\": \"dog\"}, {\"displayName\": \"cat\"}]}\n{\"imageGcsUri\": \"gs://bucket/some/c.png\"}\n{\"imageGcsUri\": \"gs://bucket/other/d.png\"}\nnonsense'",
                "g.csv | 'key,label\nimages/some/a.png,cat\nimages/some/b.png,cat,dog\nimages/some/c.png,\nimages/other/d.png,cat'",
                "g.jsonl | '{\"key\": \"images/some/a.png\", \"label\": \"cat\"}\n{\"key\": \"images/some/b.png\", \"labels\": [\"cat\", \"dog\"]}\n{\"key\": \"images/some/c.png\", \"label\": null}\n{\"key\": \"images/other/d.png\", \"label\": \"cat\"}'",
                "m.manifest | '{\"source-ref\": \"s3://bucket/some/a.png\", \"job\": 0, \"job-metadata\": {\"class-name\": \"cat\", \"type\": \"groundtruth/image-classification\", \"creation-date\": \"2020\"}}\n{\"source-ref\": \"s3://bucket/some/b.png\", \"j\": [0], \"j-metadata\": {\"class-map\": {\"0\": \"cat\", \"1\": \"dog\"}, \"type\": \"groundtruth/image-classification-multilabel\"}}\n{\"source-ref\": \"s3://bucket/some/c.png\", \"job-metadata\": {\"failure-reason\": \"ClientError\"}}\n{\"source-ref\": \"s3://bucket/some/d.png\", \"job-metadata\": {\"type\": \"groundtruth/object-detection\"}}'"
            })
    void linesNameAPictureAndItsLabels(String name, String text) throws Exception {
        Imported.pictures(source(), "some/a.png", "some/b.png", "some/c.png");
        Imported.write(source().resolve(name), text);
        Imported found = imported(name);
        assertEquals(Set.of("cat/a.png", "cat+dog/b.png", "c.png"), found.files(), found::text);
        assertTrue(found.text().contains("could not be mapped"), found::text);
        assertTrue(
                !text.contains("gs://")
                        || found.text().contains("gcloud storage cp -r gs://bucket ."),
                found::text);
    }

    @Test
    void choicesOfLabelStudioAreLabels() throws Exception {
        Imported.pictures(source(), "upload/1/f00-a.png", "upload/1/f01-b.png", "c.png", "d.png");
        Imported.write(
                source().resolve("project-1.json"),
                """
                [{"id": 1, "data": {"image": "/data/upload/1/f00-a.png"}, "annotations": [
                   {"updated_at": "2026-01-02", "result": [{"type": "choices", "value": {"choices": ["cat"]}}]},
                   {"updated_at": "2026-01-01", "result": [{"type": "choices", "value": {"choices": ["dog"]}}]},
                   {"updated_at": "2026-01-03", "was_cancelled": true, "result": []}]},
                 {"id": 2, "data": {"text": "hello", "picture": "/data/upload/1/f01-b.png"}, "annotations": [
                   {"result": [{"type": "choices", "value": {"choices": ["cat", "dog"]}}, {"type": "rectanglelabels", "value": {}}]}]},
                 {"id": 3, "data": {"image": "/data/local-files/?d=source/c.png"}, "annotations": []},
                 {"id": 4, "image": "d.png", "choice": "dog", "annotation_id": 5}]
                """);
        Imported found = imported("project-1.json");
        assertEquals(
                Set.of("cat/f00-a.png", "cat+dog/f01-b.png", "c.png", "dog/d.png"), found.files());
        assertTrue(found.text().contains("people chose differently"), found::text);
        assertTrue(found.text().contains("1 results of type rectanglelabels"), found::text);
    }

    @Test
    void savedPagesOfCustomVisionFindTheirPicturesBesideThem() throws Exception {
        Imported.pictures(source(), "i-1/o-a.png", "i-1/o-b.png");
        Imported.write(
                source().resolve("page-0.json"),
                """
                [{"id": "a", "originalImageUri": "https://x.blob.core.windows.net/i-1/o-a.png?sig=x", "tags": [{"tagId": "t", "tagName": "cat"}]},
                 {"id": "b", "originalImageUri": "https://x.blob.core.windows.net/i-1/o-b.png?sig=x", "tags": [{"tagId": "n", "tagName": "Negative"}]}]
                """);
        assertEquals(Set.of("cat/o-a.png", "none of these/o-b.png"), imported("").files());
    }

    @Test
    void duplicatesConflictsAndUnreadableFilesAreTold() throws Exception {
        Imported.write(source().resolve("cat/1.png"), Imported.png(1));
        Imported.write(source().resolve("cat/2.png"), Imported.png(1));
        Imported.write(source().resolve("dog/1.png"), Imported.png(1));
        Imported.write(
                source().resolve("dog/half.png"), java.util.Arrays.copyOf(Imported.png(2), 40));
        Imported.write(source().resolve("dog/photo.heic"), "ftypheic");
        Imported.write(source().resolve("dog/.DS_Store"), "x");
        Imported found = imported("");
        assertEquals(Set.of("cat/1.png", "dog/1.png"), found.files());
        assertTrue(
                found.text().contains("1 have the same bytes and labels as another"), found::text);
        assertTrue(found.text().contains("dog/1.png [dog] = cat/1.png [cat]"), found::text);
        assertTrue(found.text().contains("2 are unreadable"), found::text);
        assertTrue(found.text().contains(".DS_Store: it belongs to a system"), found::text);
        String report = Files.readString(found.into.resolve(".import/report.txt"));
        assertTrue(report.contains("half.png"), report);
        assertTrue(Files.exists(source().resolve("cat/2.png")), "the source is left alone");
    }

    @Test
    void namesThatASystemDoesNotTakeAreChangedAndTold() throws Exception {
        Imported.write(source().resolve("a/x.png"), Imported.png(1));
        Imported.write(source().resolve("b/x.png"), Imported.png(2));
        String name = "ä".repeat(120) + ".png";
        Imported.write(source().resolve("a/CON.png"), Imported.png(3));
        Imported.write(source().resolve(name), Imported.png(4));
        Imported.write(
                source().resolve("l.jsonl"),
                """
                {"key": "a/x.png", "label": "red/green"}
                {"key": "b/x.png", "label": "red:green"}
                {"key": "a/CON.png", "label": "val"}
                {"key": "%s", "label": ".hidden"}
                """
                        .formatted(name));
        Imported found = imported("l.jsonl");
        assertEquals(4, found.files().size(), found::text);
        assertTrue(found.files().contains("red_green/x.png"), found::text);
        assertTrue(found.files().contains("_val/_CON.png"), found::text);
        assertTrue(
                found.text().contains("the class 'red/green' is in the folder red_green"),
                found::text);
        assertTrue(
                found.text().contains("the class '.hidden' is in the folder _.hidden"),
                found::text);
        assertTrue(
                found.files().stream().anyMatch(one -> one.matches("red_green~[0-9a-f]{8}/x.png")));
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere, is not there: expected a folder",
        "a.txt, 'is nothing that is imported, by its ending'",
        "half.json, is no whole JSON (line 1",
        "other.json, is no annotation file that Graft knows",
        "no.zip, is no whole zip archive",
        "no.tar, is no whole tar archive"
    })
    void aSourceThatIsNoneIsToldInASentence(String name, String expected) throws IOException {
        Imported.write(source().resolve("a.txt"), "x");
        Imported.write(source().resolve("half.json"), "[{\"id\": 1");
        Imported.write(source().resolve("other.json"), "{\"a\": [1]}");
        Imported.write(source().resolve("no.zip"), "x");
        Imported.write(source().resolve("no.tar"), "x".repeat(600));
        String message =
                assertThrows(IllegalArgumentException.class, () -> imported(name)).getMessage();
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void aFolderOfOthersIsNotWrittenTo() throws IOException {
        Imported.pictures(folder.resolve("into"), "mine.png");
        Imported.pictures(source(), "cat/1.png");
        String message =
                assertThrows(IllegalArgumentException.class, () -> imported("")).getMessage();
        assertTrue(message.contains("has files that no import wrote"), message);
        Imported inside = new Imported(source().resolve("cat/into"));
        message =
                assertThrows(IllegalArgumentException.class, () -> inside.run(source()))
                        .getMessage();
        assertTrue(message.contains("lie in each other"), message);
    }
}
