/** From an image to its prediction with the backbone and the head in use. */
package dev.graft.prediction;
