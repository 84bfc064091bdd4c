/** From stored, labelled features to a head: the fit, its validation and what is kept. */
package dev.graft.training;
