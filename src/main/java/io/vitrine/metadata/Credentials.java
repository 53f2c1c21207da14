package io.vitrine.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.DelegationTokenRecord;
import org.apache.kafka.common.metadata.RemoveDelegationTokenRecord;
import org.apache.kafka.common.metadata.UserScramCredentialRecord;
import org.apache.kafka.common.protocol.ApiMessage;

/// Keeps out of sight what somebody could log in with.
final class Credentials {
    static final String HIDDEN = "(hidden)";

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|secret|credential|jaas\\.config|keystore\\.key).*");

    private Credentials() {}

    /// Does the value of this config have to stay out of sight? Topics and groups have none such.
    static boolean isSecret(ConfigResource.Type type, String name) {
        return type != ConfigResource.Type.TOPIC
                && type != ConfigResource.Type.GROUP
                && SECRET_NAME.matcher(name).matches();
    }

    /// Takes the secrets of `message` out of its JSON.
    static void hide(ApiMessage message, JsonNode json) {
        switch (message) {
            case UserScramCredentialRecord _ -> hide(json, List.of("salt", "storedKey", "serverKey"));
            case DelegationTokenRecord _ -> hide(json, List.of("tokenId"));
            case RemoveDelegationTokenRecord _ -> hide(json, List.of("tokenId"));
            case ConfigRecord config
            when isSecret(ConfigResource.Type.forId(config.resourceType()), config.name()) ->
                hide(json, List.of("value"));
            default -> {
                // Nobody can log in with anything else.
            }
        }
    }

    private static void hide(JsonNode json, List<String> fields) {
        if (json instanceof ObjectNode object) {
            fields.forEach(field -> object.put(field, HIDDEN));
        }
    }
}
