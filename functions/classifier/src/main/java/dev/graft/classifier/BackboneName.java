package dev.graft.classifier;

import dev.graft.prediction.Networks;

/** A backbone as openapi.json describes it. */
record BackboneName(String name, String id) {
    static BackboneName of(Networks.Loaded network) {
        return new BackboneName(network.extractor().backbone().name(), network.identity());
    }
}
