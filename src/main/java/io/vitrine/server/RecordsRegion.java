package io.vitrine.server;

import io.netty.channel.DefaultFileRegion;
import io.vitrine.protocol.OpenRecords;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records that the system sends from their file. Derived from Netty's own region, because nothing else leaves by
/// `sendfile`; but the file is given back, where Netty would close it for all.
final class RecordsRegion extends DefaultFileRegion {
    private static final Logger log = LoggerFactory.getLogger(RecordsRegion.class);

    private final OpenRecords records;

    RecordsRegion(OpenRecords records) {
        super(records.channel(), records.position(), records.sizeInBytes());
        this.records = records;
    }

    @Override
    protected void deallocate() {
        try {
            records.close();
        } catch (IOException e) {
            log.warn("A file that was sent from could not be closed", e);
        }
    }
}
