// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageFileTest {
    private static final Pattern OWN_FILE =
            Pattern.compile("(?:src|href|from) ?=?\"(?:\\./)?([a-z]+\\.(?:js|css|svg))\"");

    @ParameterizedTest
    @CsvSource({
        "index.html, text/html; charset=utf-8",
        "style.css, text/css; charset=utf-8",
        "main.js, text/javascript; charset=utf-8",
        "icon.svg, image/svg+xml"
    })
    void hasAMediaType(String name, String type) {
        assertThat(PageFile.read(name)).map(PageFile::type).contains(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "none.html",
                "PageFile.class",
                "../page/index.html",
                "/index.html",
                "..",
                "%2e%2e/index.html",
                "index.html/"
            })
    void isNothingThatThePageDoesNotHave(String name) {
        assertThat(PageFile.read(name)).isEmpty();
    }

    @Test
    void isTheSameCompressed() throws IOException {
        var file = PageFile.read("main.js").orElseThrow();

        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(file.gzip()))) {
            assertThat(gzip.readAllBytes()).isEqualTo(file.plain());
        }
        assertThat(file.gzip()).hasSizeLessThan(file.plain().length / 2);
    }

    @Test
    void hasATagOfItsContent() {
        var main = PageFile.read("main.js").orElseThrow();

        assertThat(main.tag()).matches("\"[0-9a-f]{24}\"");
        assertThat(PageFile.read("main.js")).map(PageFile::tag).contains(main.tag());
        assertThat(PageFile.read("api.js")).map(PageFile::tag).isPresent().isNotEqualTo(main.tag());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index.html",
                "main.js",
                "api.js",
                "chart.js",
                "details.js",
                "dom.js",
                "list.js",
                "log.js",
                "overview.js"
            })
    void namesFilesOnlyThatThereAre(String name) {
        var text =
                new String(PageFile.read(name).orElseThrow().plain(), StandardCharsets.UTF_8)
                        .replace("from \"./", "from=\"");

        assertThat(OWN_FILE.matcher(text).results().map(match -> match.group(1)))
                .allSatisfy(other -> assertThat(PageFile.read(other)).as(other).isPresent());
    }
}
