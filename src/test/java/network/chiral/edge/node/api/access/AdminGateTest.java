// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import network.chiral.edge.node.api.access.AdminRequest.Headers;
import network.chiral.edge.node.reload.BadFile;
import network.chiral.edge.node.reload.FileReader.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole table of who may ask.
class AdminGateTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.7");

    private static final AdminGate OPEN_TO_LOOPBACK =
            new AdminGate(true, false, Set.of("admin.example"), AdminTokens.NONE);

    /// A request that any test changes in one respect.
    private static final class Asked {
        private String method = "GET";
        private InetAddress remote = HERE;
        private boolean forwarded;
        private Optional<String> host = Optional.of("localhost:9000");
        private Optional<String> origin = Optional.empty();
        private Optional<String> fetchSite = Optional.empty();
        private Optional<String> contentType = Optional.empty();
        private boolean own;
        private boolean certificate;

        AdminRequest request() {
            var headers =
                    new Headers(host, origin, fetchSite, contentType, own, Optional.of(TOKEN));
            return new AdminRequest(method, remote, forwarded, headers, certificate);
        }
    }

    private static Asked asked() {
        return new Asked();
    }

    private static Verdict judge(Asked asked) {
        return OPEN_TO_LOOPBACK.judge(asked.request());
    }

    // --- who

    @Test
    void whoIsOnThisMachineNeedsToShowNothing() {
        assertThat(judge(asked())).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void whoIsElsewhereHasToShowSomething() {
        var elsewhere = asked();
        elsewhere.remote = ELSEWHERE;

        assertThat(judge(elsewhere)).isEqualTo(Verdict.NO_CREDENTIALS);
    }

    /// A proxy on this machine is no operator.
    @Test
    void whoIsHandedOnByAProxyIsNotOnThisMachine() {
        var forwarded = asked();
        forwarded.forwarded = true;

        assertThat(judge(forwarded)).isEqualTo(Verdict.NO_CREDENTIALS);
    }

    @Test
    void loopbackCountsForNothingWhereItIsOff() {
        var closed = new AdminGate(false, false, Set.of(), AdminTokens.NONE);

        assertThat(closed.judge(asked().request())).isEqualTo(Verdict.NO_CREDENTIALS);
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, ADMITTED",
        "true, false, NO_CREDENTIALS",
        "false, true, NO_CREDENTIALS"
    })
    void aCertificateCountsOnlyWhereItIsVerifiedAndWanted(
            boolean wanted, boolean verified, Verdict verdict) {
        var gate = new AdminGate(false, wanted, Set.of(), AdminTokens.NONE);
        var elsewhere = asked();
        elsewhere.remote = ELSEWHERE;
        elsewhere.certificate = verified;

        assertThat(gate.judge(elsewhere.request())).isEqualTo(verdict);
    }

    // --- pages of others

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:9000",
                "LocalHost:9000",
                "127.0.0.1:9000",
                "[::1]:9000",
                "192.0.2.1",
                "admin.example:9000"
            })
    void answersUnderItsOwnNames(String host) {
        var named = asked();
        named.host = Optional.of(host);

        assertThat(judge(named)).isEqualTo(Verdict.ADMITTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "[::1",
                ""
            })
    void doesNotAnswerUnderANameThatAnAttackerCanPointHere(String host) {
        var named = asked();
        named.host = Optional.of(host);

        assertThat(judge(named)).isEqualTo(Verdict.STRANGE_HOST);
    }

    @Test
    void doesNotAnswerWithoutAHost() {
        var nameless = asked();
        nameless.host = Optional.empty();

        assertThat(judge(nameless)).isEqualTo(Verdict.STRANGE_HOST);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:9000, ADMITTED",
        "https://localhost:9000, ADMITTED",
        "http://localhost:3000, FOREIGN_PAGE",
        "http://localhost, FOREIGN_PAGE",
        "https://evil.example, FOREIGN_PAGE",
        "null, FOREIGN_PAGE"
    })
    void answersOnlyItsOwnPages(String origin, Verdict verdict) {
        var page = asked();
        page.origin = Optional.of(origin);

        assertThat(judge(page)).isEqualTo(verdict);
    }

    /// Another port of localhost is the same site, and another origin.
    @ParameterizedTest
    @CsvSource({
        "same-origin, ADMITTED",
        "none, ADMITTED",
        "same-site, FOREIGN_PAGE",
        "cross-site, FOREIGN_PAGE"
    })
    void believesTheBrowserWhereARequestComesFrom(String site, Verdict verdict) {
        var page = asked();
        page.fetchSite = Optional.of(site);

        assertThat(judge(page)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, application/x-www-form-urlencoded, PLAIN_FORM",
        "POST, multipart/form-data, PLAIN_FORM",
        "POST, text/plain, PLAIN_FORM",
        "DELETE, , PLAIN_FORM",
        "POST, application/json, ADMITTED",
        "PUT, application/json, ADMITTED",
        "GET, , ADMITTED",
        "HEAD, , ADMITTED"
    })
    void nothingThatAFormCanSendChangesAnything(String method, String type, Verdict verdict) {
        var form = asked();
        form.method = method;
        form.contentType = Optional.ofNullable(type);

        assertThat(judge(form)).isEqualTo(verdict);
    }

    @Test
    void aHeaderThatNoFormCanSendIsAsGoodAsJson() {
        var own = asked();
        own.method = "DELETE";
        own.own = true;

        assertThat(judge(own)).isEqualTo(Verdict.ADMITTED);
    }

    // --- tokens

    private static AdminTokens tokens(String... texts) throws BadFile {
        return AdminTokens.of(
                IntStream.range(0, texts.length).mapToObj(i -> new Line(i + 1, texts[i])).toList());
    }

    @Test
    void takesEachTokenOfTheFileAndNoOther() throws BadFile {
        var other = TOKEN.replace('0', 'x');

        var tokens = tokens(TOKEN, other);

        assertThat(List.of(TOKEN, other)).allMatch(tokens::holds);
        assertThat(List.of("", TOKEN + "0", TOKEN.substring(1), TOKEN.toUpperCase()))
                .noneMatch(tokens::holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcdef0123456789abcde",
                "0123456789abcdef 0123456789abcdef",
                "0123456789abcdef0123456789abcdeé"
            })
    void refusesATokenThatCanBeGuessedOrNotBeSent(String token) {
        assertThatThrownBy(() -> tokens(TOKEN, token))
                .isInstanceOf(BadFile.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining(token);
    }

    @Test
    void refusesAFileWithoutTokens() {
        assertThatThrownBy(() -> tokens()).isInstanceOf(BadFile.class);
    }
}
