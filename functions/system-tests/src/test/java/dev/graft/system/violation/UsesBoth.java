package dev.graft.system.violation;

import ai.onnxruntime.OrtSession;
import software.amazon.awssdk.services.s3.S3Client;

/** Names a type of ONNX Runtime and one of the AWS SDK. */
record UsesBoth(OrtSession session, S3Client client) {}
