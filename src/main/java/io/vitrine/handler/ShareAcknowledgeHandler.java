package io.vitrine.handler;

import io.vitrine.group.ShareKey;
import io.vitrine.handler.ShareAcknowledgements.Answered;
import io.vitrine.handler.ShareAcknowledgements.Batch;
import io.vitrine.handler.ShareAcknowledgements.Said;
import io.vitrine.metadata.MetadataService;
import io.vitrine.protocol.Answer;
import io.vitrine.protocol.Request;
import io.vitrine.protocol.RequestHandler;
import io.vitrine.protocol.VersionRange;
import io.vitrine.share.SharePartitions;
import io.vitrine.share.ShareSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidShareSessionEpochException;
import org.apache.kafka.common.errors.ShareSessionNotFoundException;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.PartitionData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Takes what a member of a share group says of records that it holds; answered when it is on disk. With the last
/// request of a session, what else the member holds is given to others.
public final class ShareAcknowledgeHandler implements RequestHandler<ShareAcknowledgeRequestData> {
    private final SharePartitions partitions;
    private final ShareSessions sessions;
    private final ShareAcknowledgements acknowledgements;

    public ShareAcknowledgeHandler(MetadataService metadata, SharePartitions partitions, ShareSessions sessions) {
        this.partitions = partitions;
        this.sessions = sessions;
        this.acknowledgements = new ShareAcknowledgements(metadata, partitions);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.SHARE_ACKNOWLEDGE;
    }

    @Override
    public VersionRange versions() {
        return VersionRange.of(1, 2);
    }

    @Override
    public CompletionStage<Answer> handle(Request<ShareAcknowledgeRequestData> request) {
        var message = request.message();
        var fault = ShareRequests.findFault(message.groupId(), message.memberId());
        if (fault.isPresent()) {
            return refuse(request, Errors.INVALID_REQUEST, fault.get());
        }
        var member = new ShareSessions.Member(message.groupId(), message.memberId());
        boolean last = message.shareSessionEpoch() == ShareRequests.FINAL_EPOCH;
        try {
            begin(member, message.shareSessionEpoch());
        } catch (InvalidShareSessionEpochException | ShareSessionNotFoundException e) {
            return refuse(request, Errors.forException(e), String.valueOf(e.getMessage()));
        }
        return acknowledgements
                .apply(request, message.memberId(), said(message), message.isRenewAck())
                .thenCombine(
                        partitions.rules(message.groupId()),
                        (answered, rules) -> response(answered)
                                .setAcquisitionLockTimeoutMs(message.isRenewAck() ? rules.lockDurationMs() : 0))
                .exceptionally(thrown -> new ShareAcknowledgeResponseData()
                        .setErrorCode(GroupAnswers.errorOf(request, thrown).code()))
                .thenApply(response -> {
                    if (last) {
                        sessions.close(member);
                    }
                    return new Answer.Message(response);
                });
    }

    private void begin(ShareSessions.Member member, int epoch) {
        switch (epoch) {
            case ShareRequests.INITIAL_EPOCH ->
                throw new InvalidShareSessionEpochException("a session begins with a ShareFetch");
            case ShareRequests.FINAL_EPOCH -> sessions.require(member);
            default -> sessions.touch(member, epoch);
        }
    }

    private static List<Said> said(ShareAcknowledgeRequestData message) {
        var said = new ArrayList<Said>();
        for (var topic : message.topics()) {
            for (var partition : topic.partitions()) {
                said.add(new Said(
                        new ShareKey(message.groupId(), topic.topicId(), partition.partitionIndex()),
                        partition.acknowledgementBatches().stream()
                                .map(batch ->
                                        new Batch(batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()))
                                .toList()));
            }
        }
        return said;
    }

    private static ShareAcknowledgeResponseData response(Map<ShareKey, Answered> answered) {
        var response = new ShareAcknowledgeResponseData();
        answered.forEach((key, answer) -> {
            var topic = response.responses().find(key.topicId());
            if (topic == null) {
                topic = new ShareAcknowledgeTopicResponse().setTopicId(key.topicId());
                response.responses().add(topic);
            }
            topic.partitions()
                    .add(new PartitionData()
                            .setPartitionIndex(key.partition())
                            .setErrorCode(answer.error().code())
                            .setErrorMessage(answer.message()));
        });
        return response;
    }

    private static CompletionStage<Answer> refuse(
            Request<ShareAcknowledgeRequestData> request, Errors error, String detail) {
        ShareRequests.note(request, request.message().groupId(), error, detail);
        return CompletableFuture.completedFuture(new Answer.Message(
                new ShareAcknowledgeResponseData().setErrorCode(error.code()).setErrorMessage(detail)));
    }
}
