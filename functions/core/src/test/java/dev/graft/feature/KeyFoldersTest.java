package dev.graft.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFoldersTest {

    @ParameterizedTest
    @CsvSource({
        "images/a.jpg,,,",
        "images/cat/a.jpg,,cat,",
        "images/cat/kitten/a.jpg,,cat,",
        "images//a.jpg,,,",
        "images/sea+sky/a.jpg,,sea+sky,",
        "images/train/cat/a.jpg,train,cat,",
        "images/Train/cat/a.jpg,Train,cat,",
        "images/val/cat/a.jpg,val,cat,",
        "images/valid/cat/a.jpg,valid,cat,",
        "images/validation/cat/kitten/a.jpg,validation,cat,",
        "images/TEST/cat/a.jpg,TEST,cat,",
        "images/train/a.jpg,,train,",
        "images/test/a.jpg,test,,",
        "images/trains/a.jpg,,trains,",
        "images/testing/a.jpg,,testing,",
        "images/cat/test/a.jpg,,cat,",
        "images/.ipynb_checkpoints/a.jpg,,.ipynb_checkpoints,.ipynb_checkpoints",
        "images/cat/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg,,cat,@eaDir",
        "images/__MACOSX/cat/a.jpg,,__MACOSX,__MACOSX",
        "images/cat/Thumbs.db,,cat,Thumbs.db",
        "images/cat/._a.jpg,,cat,._a.jpg",
        "images/../labels/a.jpg,,..,..",
        "images/lost+found/a.jpg,,lost+found,lost+found",
        "images/train/.git/a.jpg,train,.git,.git",
    })
    void readsTheFoldersOfAKey(String key, String split, String label, String system) {
        assertEquals(
                new KeyFolders(
                        Optional.ofNullable(split),
                        Optional.ofNullable(label),
                        Optional.ofNullable(system)),
                KeyFolders.of(key));
    }
}
