/** The Lambda function that trains a head on its schedule. */
package dev.graft.trainer;
