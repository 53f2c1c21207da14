package io.vitrine.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.protocol.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData.DescribedDelegationToken;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// What of messages is shown, and what never is.
class RedactionTests {
    private static final Caller CALLER = new Caller(1, "127.0.0.1:1", "localhost", 9092, "PLAINTEXT");
    private static final String SECRET = "hunter2-hunter2";
    private static final byte[] SECRET_BYTES = SECRET.getBytes(StandardCharsets.UTF_8);
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte LOGGER = 8;

    @Test
    void whatSaslExchangesIsHidden() {
        hides(
                ApiKeys.SASL_AUTHENTICATE,
                new SaslAuthenticateRequestData().setAuthBytes(SECRET_BYTES),
                new SaslAuthenticateResponseData().setAuthBytes(SECRET_BYTES));
    }

    @Test
    void passwordsOfUsersAreHidden() {
        hides(
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                new AlterUserScramCredentialsRequestData()
                        .setUpsertions(List.of(new ScramCredentialUpsertion()
                                .setName("alice")
                                .setSalt(SECRET_BYTES)
                                .setSaltedPassword(SECRET_BYTES))),
                new AlterUserScramCredentialsResponseData());
    }

    @Test
    void delegationTokensAreHidden() {
        hides(
                ApiKeys.CREATE_DELEGATION_TOKEN,
                new CreateDelegationTokenRequestData(),
                new CreateDelegationTokenResponseData().setHmac(SECRET_BYTES).setTokenId(SECRET));
        hides(
                ApiKeys.RENEW_DELEGATION_TOKEN,
                new RenewDelegationTokenRequestData().setHmac(SECRET_BYTES),
                new RenewDelegationTokenResponseData());
        hides(
                ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                new DescribeDelegationTokenRequestData(),
                new DescribeDelegationTokenResponseData()
                        .setTokens(List.of(new DescribedDelegationToken().setHmac(SECRET_BYTES))));
    }

    @Test
    void valuesOfConfigsAreShownWhereTheyCanBeNoSecret() {
        var request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource(TOPIC, "orders", "retention.ms", "77777"));
        request.resources().add(resource(BROKER, "1", "log.retention.ms", "88888"));
        request.resources().add(resource(LOGGER, "1", "io.vitrine", "DEBUG"));

        var shown = show(ApiKeys.INCREMENTAL_ALTER_CONFIGS, request, new IncrementalAlterConfigsResponseData());

        assertThat(shown.request()).contains("77777", "88888", "DEBUG").doesNotContain(Redaction.HIDDEN);
    }

    @Test
    void valuesThatMayBeSecretsAreHiddenAndSoAreTheirEchoes() {
        for (var resource : List.of(
                resource(TOPIC, "orders", "pasword", SECRET),
                resource(BROKER, "1", "ssl.keystore.password", SECRET),
                resource(BROKER, "1", "my.own.setting", SECRET),
                resource(LOGGER, "1", "io.vitrine", SECRET),
                resource((byte) 99, "1", "retention.ms", SECRET))) {
            var request = new IncrementalAlterConfigsRequestData();
            request.resources().add(resource);
            var response = new IncrementalAlterConfigsResponseData()
                    .setResponses(List.of(
                            new AlterConfigsResourceResponse().setErrorMessage("Invalid value " + SECRET + " for it")));

            var shown = hides(ApiKeys.INCREMENTAL_ALTER_CONFIGS, request, response);

            assertThat(shown.response()).contains("Invalid value (hidden) for it");
        }
    }

    @Test
    void unknownConfigsOfNewTopicsAreHidden() {
        var topic = new CreatableTopic().setName("orders");
        topic.configs()
                .add(new CreatableTopicConfig().setName("sasl.jaas.config").setValue(SECRET));
        topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("77777"));
        var request = new CreateTopicsRequestData();
        request.topics().add(topic);
        var response = new CreateTopicsResponseData();
        response.topics().add(new CreatableTopicResult().setName("orders").setErrorMessage("what is " + SECRET + "?"));

        var shown = hides(ApiKeys.CREATE_TOPICS, request, response);

        assertThat(shown.request()).contains("77777", "retention.ms", "sasl.jaas.config");
    }

    @Test
    void sensitiveConfigsThatAreDescribedAreHidden() {
        var config = new DescribeConfigsResourceResult()
                .setName("log.retention.ms")
                .setValue(SECRET)
                .setIsSensitive(true)
                .setSynonyms(List.of(
                        new DescribeConfigsSynonym().setName("log.retention.ms").setValue(SECRET)));
        hides(
                ApiKeys.DESCRIBE_CONFIGS,
                new DescribeConfigsRequestData(),
                new DescribeConfigsResponseData()
                        .setResults(List.of(new DescribeConfigsResult()
                                .setResourceType(BROKER)
                                .setConfigs(List.of(config)))));
    }

    @Test
    void bytesThatAreNotKeptAreNotRead() {
        var shown = show(
                ApiKeys.PUSH_TELEMETRY,
                new PushTelemetryRequestData().setMetrics(java.nio.ByteBuffer.wrap(SECRET_BYTES)),
                new PushTelemetryResponseData());

        assertThat(shown.request()).isNull();
        assertThat(shown.undecoded()).isNotNull();
    }

    @Test
    void longBodiesAreCutAndStayJson() {
        var request = new MetadataRequestData();
        for (int i = 0; i < 2000; i++) {
            request.topics().add(new MetadataRequestTopic().setName("topic-😀" + i));
        }
        var exchange = exchange(ApiKeys.METADATA);
        exchange.keepRequest(request, 1);
        exchange.keepResponse(new MetadataResponseData(), 1);

        for (int max = 1; max < 400; max++) {
            var shown = ShownBodies.of(exchange, max);

            assertThat(shown.truncated()).isTrue();
            assertThat(shown.request()).hasSizeLessThan(2 * max + 200);
            assertThat(new JsonMapper().readTree(shown.request()).isObject()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("io.vitrine.tap.MessageShapeTests#served")
    void eachMessageOfEachVersionCanBeShown(ApiKeys api) throws Exception {
        var request = api.messageType.newRequest();
        var response = api.messageType.newResponse();

        for (short version = request.lowestSupportedVersion(); version <= api.latestVersion(true); version++) {
            if (api != ApiKeys.PUSH_TELEMETRY) {
                assertThat(MessageJson.of(request, version).isObject()).isTrue();
            }
            assertThat(MessageJson.of(response, version).isObject()).isTrue();
        }
    }

    private static ShownBodies hides(ApiKeys api, ApiMessage request, ApiMessage response) {
        var shown = show(api, request, response);
        assertThat(shown.undecoded()).isNull();
        assertThat(shown.request() + shown.response())
                .contains(Redaction.HIDDEN)
                .doesNotContain(SECRET)
                .doesNotContain(Base64.getEncoder().encodeToString(SECRET_BYTES));
        return shown;
    }

    private static ShownBodies show(ApiKeys api, ApiMessage request, ApiMessage response) {
        var exchange = exchange(api);
        exchange.keepRequest(request, 1);
        exchange.keepResponse(response, 1);
        return ShownBodies.of(exchange, 100_000);
    }

    private static AlterConfigsResource resource(byte type, String name, String config, String value) {
        var resource = new AlterConfigsResource().setResourceType(type).setResourceName(name);
        resource.configs().add(new AlterableConfig().setName(config).setValue(value));
        return resource;
    }

    private static Exchange exchange(ApiKeys api) {
        return new Exchange(api, api.latestVersion(), 1, "client", CALLER, 100, 0, 0);
    }
}
