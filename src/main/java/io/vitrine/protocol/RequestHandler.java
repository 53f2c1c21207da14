package io.vitrine.protocol;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/// Serves one Kafka API. Called on a network thread, which it must not block: what has to wait returns a stage that
/// is completed later. Answers leave in the order of the requests, whatever order the stages complete in.
public interface RequestHandler<Q extends ApiMessage> {

    ApiKeys apiKey();

    /// The versions that are advertised, and served unless [#lowestServedVersion()] says otherwise.
    VersionRange versions();

    /// Versions from here on are served. Kafka advertises Produce from 0, because librdkafka looks for it, and
    /// refuses 0 to 2.
    default short lowestServedVersion() {
        return versions().lowest();
    }

    CompletionStage<Answer> handle(Request<Q> request);
}
