package io.vitrine.admin;

import static io.vitrine.inspect.SampleBroker.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Requests that nobody sends by mistake: each gets a problem that says what is wrong, nothing else happens.
class HostileRequestTests extends RestScenario {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PARTITION = "/api/v1/topics/orders/partitions/0";

    /// Paths with a place for something else.
    private static final List<String> PATHS = List.of(
            "/api/v1/topics/%s",
            "/api/v1/topics/%s/configs",
            "/api/v1/topics/%s/records",
            "/api/v1/topics/%s/records/stream",
            "/api/v1/topics/%s/partitions/0/records",
            "/api/v1/topics/orders/partitions/%s",
            "/api/v1/topics/orders/partitions/%s/batches",
            PARTITION + "/records/%s",
            PARTITION + "/records/%s/value",
            PARTITION + "/batches/%s",
            PARTITION + "/segments/%s",
            PARTITION + "/segments/%s/file",
            "/api/v1/groups/%s",
            "/api/v1/share-groups/%s",
            "/api/v1/transactions/%s",
            "/api/v1/brokers/%s",
            "/api/v1/connections/%s",
            "/api/v1/internal/cluster-metadata/checkpoints/%s",
            "/api/v1/test/snapshots/%s");

    private static final List<String> PARTS = List.of(
            "%00",
            "a%00b",
            "%2e%2e",
            "%252e%252e",
            "..%2f..%2f..%2fetc%2fpasswd",
            "..%5c..%5cwindows",
            "%c0%ae%c0%ae",
            "%e0%80%af",
            "%ff",
            "%ed%a0%80",
            "%zz",
            "%",
            "a".repeat(250),
            "a".repeat(7000),
            "%0d%0aSet-Cookie:%20a=b",
            "%1b%5b2J",
            "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
            "$%7Bjndi:ldap:%2F%2Fx%7D",
            "%E2%80%AEsdrawkcab",
            "-1",
            "00",
            "+0",
            "0x0",
            "1e3",
            "NaN",
            "Infinity",
            "99999999999999999999",
            "9223372036854775808",
            "-9223372036854775809",
            "%D9%A3",
            "%EF%BC%90");

    private static final List<String> QUERIES = List.of(
            "limit=0",
            "limit=-1",
            "limit=10001",
            "limit=1e3",
            "limit=NaN",
            "limit=Infinity",
            "limit=99999999999999999999",
            "limit=%D9%A3",
            "limit=",
            "limit=1&limit=2",
            "from=-10001",
            "from=0x10",
            "from=9223372036854775808",
            "from=%2B999999999-01-01",
            "from=1&from=1",
            "maxValueBytes=-1",
            "maxValueBytes=999999999999",
            "%00=1",
            "a%00b=1",
            "=1",
            "limit=%zz",
            "limit=%ff",
            "__proto__=1",
            "from=%0d%0ax",
            "limit[]=1",
            "limit=1;from=2",
            "a=" + "b".repeat(7000));

    @Override
    void prepare() throws Exception {
        broker.createTopic("orders", 1);
        broker.append("orders", Compression.NONE, record("k", "v"));
    }

    /// @param statuses the answers that are right
    private record Hostile(String request, String statuses) {
        static Hostile get(String path) {
            return new Hostile(head("GET", path) + "\r\n", "4..");
        }

        static String head(String method, String path) {
            return "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(method, path);
        }

        static Hostile with(String header) {
            return new Hostile(head("GET", PARTITION) + header + "\r\n\r\n", "4..");
        }

        static Hostile post(String path, String type, String body) {
            return new Hostile(
                    head("POST", path)
                            + "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(type, body.getBytes(StandardCharsets.UTF_8).length, body),
                    "4..");
        }

        Hostile or(String others) {
            return new Hostile(request, statuses + "|" + others);
        }
    }

    @Test
    void eachOfThemGetsAProblemAndNothingElseHappens() throws Exception {
        var before = files();
        var all = Stream.of(paths(), queries(), lines(), headers(), ranges(), bodies())
                .flatMap(List::stream)
                .toList();
        assertThat(all).hasSizeGreaterThan(700);

        var wrong = new ArrayList<String>();
        for (var hostile : all) {
            var answer = ask(hostile.request());
            var trouble = judge(answer, hostile.statuses());
            if (trouble != null) {
                wrong.add("%s\n   %s\n   %s".formatted(firstLine(hostile.request()), trouble, cut(answer)));
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(files()).isEqualTo(before);
        assertThat(rest.get(200, "/api/v1/topics").get("items").findValuesAsString("name"))
                .containsExactly("__cluster_metadata", "orders");
        assertThat(rest.get(200, PARTITION).get("logEndOffset").intValue()).isOne();
        assertThat(rest.get(200, "/actuator/health").get("status").stringValue())
                .isEqualTo("UP");
    }

    private static List<Hostile> paths() {
        var all = new ArrayList<Hostile>();
        for (var path : PATHS) {
            for (var part : PARTS) {
                all.add(Hostile.get(path.formatted(part)));
            }
        }
        for (var path : List.of(
                "/api/v1/../../etc/passwd",
                "/api/v1/%2e%2e/%2e%2e/etc/passwd",
                "/api/v1/topics/../../../../etc/passwd",
                "//etc/passwd",
                "/api/v1//topics",
                "/api/v2/topics",
                "/api/v1/topics/",
                "/api/v1/topics\\orders",
                "/api/v1/topics/orders/..;/..;/",
                "/WEB-INF/web.xml",
                "/.git/config",
                "/error",
                "/api/v1/topics/orders/partitions/0/offsets?at=%2B999999999-01-01",
                "/api/v1/topics/orders/records?to=-999999999-01-01",
                "/api/v1/topics/orders/partitions/0/%72ecords/0/value?x=1",
                "/" + "a/".repeat(3000))) {
            all.add(Hostile.get(path));
        }
        return all;
    }

    private static List<Hostile> queries() {
        return Stream.of(PARTITION + "/records?%s", PARTITION + "/batches?%s", "/api/v1/topics/orders/records?%s")
                .flatMap(path -> QUERIES.stream().map(path::formatted))
                .map(Hostile::get)
                .toList();
    }

    private static List<Hostile> lines() {
        var all = new ArrayList<Hostile>();
        for (var method : List.of("TRACE", "PROPFIND", "MKCOL", "TRACK", "DEBUG", "FOO", "PUT", "PATCH", "DELETE")) {
            all.add(new Hostile(Hostile.head(method, PARTITION) + "\r\n", "405"));
        }
        all.add(new Hostile(Hostile.head("CONNECT", "example.com:443") + "\r\n", "4..|501"));
        all.add(new Hostile(Hostile.head("G@T", "/") + "\r\n", "400"));
        all.add(new Hostile("GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", "505"));
        all.add(new Hostile("GET / FTP/1.0\r\nHost: localhost\r\n\r\n", "400|505"));
        all.add(new Hostile("GET  /api/v1/topics  HTTP/1.1\r\n\r\n", "400"));
        all.add(new Hostile("GET http://evil.example/api/v1/topics HTTP/1.1\r\nHost: localhost\r\n\r\n", "4.."));
        all.add(new Hostile("GET /api/v1/topics HTTP/1.1\r\nConnection: close\r\n\r\n", "400"));
        for (var host : List.of("a b", "evil.example", "localhost@evil", "[::1", "127.0.0.1:x", "lo\u0000cal")) {
            all.add(new Hostile(
                    "GET /api/v1/topics HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host), "4.."));
        }
        all.add(new Hostile(
                "GET /api/v1/topics HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n", "400"));
        return all;
    }

    private static List<Hostile> headers() {
        var all = new ArrayList<Hostile>();
        for (var accept : List.of("///", "application/", "text/html", "image/png", "a/b;q=x", "application/json;q=9")) {
            all.add(Hostile.with("Accept: " + accept));
        }
        for (var header : List.of(
                "X: " + "a".repeat(20_000),
                "Expect: the-unexpected",
                "Bad Header: 1",
                "X: a\u0000b",
                ": empty",
                "Transfer-Encoding: gzip",
                "Content-Length: -1",
                "Content-Length: 1, 2",
                "Content-Length: 99999999999999999999")) {
            all.add(Hostile.with(header).or("501"));
        }
        all.add(Hostile.with(String.join(
                "\r\n",
                Stream.iterate(0, i -> i + 1)
                        .limit(300)
                        .map(i -> "X" + i + ": 1")
                        .toList())));
        return all;
    }

    private static List<Hostile> ranges() {
        var all = new ArrayList<Hostile>();
        for (var range : List.of(
                "bytes=5-2",
                "bytes=99999999999-",
                "bytes=a-b",
                "bytes=",
                "bytes=-",
                "bytes=--1",
                "bytes=0-99999999999999999999",
                "bytes=-0",
                "bytes=" + "0-1,".repeat(2_000) + "0-1")) {
            for (var path : List.of(
                    PARTITION + "/segments/0/file",
                    PARTITION + "/batches/0?format=raw",
                    PARTITION + "/records/0/value")) {
                all.add(new Hostile(Hostile.head("GET", path) + "Range: " + range + "\r\n\r\n", "4.."));
            }
        }
        return all;
    }

    private static List<Hostile> bodies() {
        var all = new ArrayList<Hostile>();
        var json = "application/json";
        for (var path : List.of("/api/v1/topics", "/api/v1/topics/orders/records")) {
            for (var body : List.of(
                    "",
                    "{",
                    "[",
                    "null",
                    "\"a\"",
                    "{\"name\":\"a\",\"name\":\"b\"}",
                    "{\"name\":\"../../etc\",\"key\":{\"a\":1}}",
                    "{\"partitions\":1e999999999}",
                    "{\"partitions\":NaN}",
                    "{\"name\":\"\\ud800\",\"partitions\":-1,\"partition\":-1}",
                    "{\"\\u0000\":1}",
                    "[".repeat(100_000),
                    "{\"a\":".repeat(100_000),
                    "{\"name\":" + "9".repeat(100_000) + "}",
                    "{\"__proto__\":{\"a\":1}}",
                    "\u0000\u0001\u0002")) {
                all.add(Hostile.post(path, json, body));
            }
            for (var type : List.of(
                    "text/html",
                    "application/xml",
                    "///",
                    "application/json;charset=utf-16",
                    "multipart/form-data",
                    "application/x-www-form-urlencoded",
                    "")) {
                all.add(Hostile.post(path, type, "{\"name\":\"a b\",\"valu\":1}"));
            }
            all.add(new Hostile(
                    Hostile.head("POST", path)
                            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                    "400"));
            all.add(new Hostile(
                    Hostile.head("POST", path)
                            + "Content-Type: application/json\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
                    "400"));
            all.add(new Hostile(
                    Hostile.head("POST", path)
                            + "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u001f\u008b",
                    "4.."));
            all.add(new Hostile(
                    Hostile.head("POST", path)
                            + "Content-Type: application/json\r\nOrigin: http://evil.example\r\nContent-Length: 2\r\n\r\n{}",
                    "403"));
        }
        for (var query : List.of("kind=x", "api=%00", "version=-1", "topic=a&topic=b", "limit=99999999", "x=1")) {
            all.add(Hostile.post("/api/v1/anatomy?" + query, "application/octet-stream", "abc"));
        }
        return all;
    }

    private String ask(String request) throws IOException {
        try (var socket = new Socket(rest.base().getHost(), rest.base().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// What is wrong with an answer; null if nothing is.
    private static @Nullable String judge(String answer, String statuses) {
        if (!answer.matches("(?s)HTTP/1.1 (%s) .*".formatted(statuses))) {
            return "expected " + statuses;
        }
        if (!answer.contains("Content-Type: application/problem+json")) {
            return "it is no problem document";
        }
        int status = Integer.parseInt(answer.substring(9, 12));
        var body = answer.substring(answer.indexOf("{"), answer.lastIndexOf("}") + 1);
        try {
            var document = JSON.readTree(body.replaceAll("\r\n[0-9a-f]+\r\n", ""));
            if (document.path("status").asInt() != status
                    || document.path("title").asString("").isBlank()
                    || document.path("detail").asString("").isBlank()) {
                return "it says too little";
            }
        } catch (RuntimeException e) {
            return "it is not JSON";
        }
        boolean telling = Stream.of("Exception", "io.vitrine", "org.apache", "at java", "<html", "root:")
                .anyMatch(answer::contains);
        return telling ? "it tells of the inside" : null;
    }

    private static String firstLine(String request) {
        return cut(request.lines().findFirst().orElse("") + " … "
                + request.lines().skip(3).limit(1).toList());
    }

    private static String cut(String text) {
        return text.length() > 400 ? text.substring(0, 400) + "…" : text;
    }

    /// All files in the directory of the logs, and beside it.
    private static Set<String> files() throws IOException {
        try (var found = Files.walk(directory);
                var beside = Files.list(directory.getParent())) {
            var all = new TreeSet<String>();
            found.map(Path::toString).forEach(all::add);
            beside.map(Path::toString)
                    .filter(path -> path.contains("passwd") || path.contains("etc"))
                    .forEach(all::add);
            return all;
        }
    }
}
