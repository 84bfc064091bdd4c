package dev.graft.classifier;

import dev.graft.feature.Backbone;

/** A backbone as openapi.json describes it. */
record BackboneName(String name, String id) {
    static BackboneName of(Backbone backbone) {
        return new BackboneName(backbone.name(), backbone.id());
    }
}
