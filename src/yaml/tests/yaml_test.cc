#include "yaml/yaml.h"

#include <gtest/gtest.h>

#include "yaml/documents.h"
#include "yaml/stream_events.h"

namespace mullion::yaml {
namespace {

// "{a: [1, 'b']}": quotes for what is not plain, tags as they are.
std::string show(const Node& node) {
    std::string out = node.tag.empty() ? "" : node.tag + " ";
    if (node.kind == Node::Kind::scalar)
        return out + (node.plain || !node.tag.empty() ? node.scalar : "'" + node.scalar + "'");
    const bool map = node.kind == Node::Kind::map;
    out += map ? "{" : "[";
    std::string between;
    for (const auto& entry : node.map)
        out += std::exchange(between, ", ") + entry.key + ": " + show(entry.value);
    for (const auto& item : node.list) out += std::exchange(between, ", ") + show(item);
    return out + (map ? "}" : "]");
}

Options all_of_it() {
    Options options;
    options.anchors = options.tags = true;
    options.twice = [](unsigned, std::string_view) {};
    return options;
}

std::string shown(std::string_view text, const Options& options = all_of_it()) {
    const auto node = read(text, options);
    return node.ok() ? show(node.value()) : node.error().detail;
}
std::string strictly(std::string_view text) {
    return shown(text, Options());
}

TEST(Yaml, ReadsMapsListsAndScalarsWithTheirLines) {
    const auto node = read("a: 1\nb:\n  - x\n  - 'y'\n# note\nc: {d: e}\n");
    ASSERT_TRUE(node.ok());
    EXPECT_EQ(show(*node), "{a: 1, b: [x, 'y'], c: {d: e}}");
    EXPECT_EQ(node->map[1].line, 2U);
    EXPECT_EQ(node->map[1].value.list[1].line, 4U);
    EXPECT_EQ(node->map[2].value.map[0].value.line, 6U);
}

TEST(Yaml, AnEmptyTextIsANull) {
    EXPECT_TRUE(read("")->is_null());
    EXPECT_TRUE(read("# only a note\n")->is_null());
    EXPECT_TRUE(read("---\n")->is_null());
    EXPECT_FALSE(read("''")->is_null());
}

TEST(Yaml, StrictlyRefusesWhatConfigurationDoesNotNeed) {
    EXPECT_EQ(strictly("a: &x 1\n"), "line 1: anchors and tags are not taken");
    EXPECT_EQ(strictly("a: !vault x\n"), "line 1: anchors and tags are not taken");
    EXPECT_EQ(strictly("a: 1\nb: *x\n"), "line 2: aliases are not taken");
    EXPECT_EQ(strictly("a: 1\n\na: 2\n"), "line 3: a is given twice");
    EXPECT_EQ(strictly("a: 1\n---\nb: 2\n"), "line 2: a second document is not taken");
    EXPECT_EQ(strictly("? [a]\n: 1\n"), "line 1: a key must be a word");
    EXPECT_EQ(strictly("<<: {a: 1}\n"), "{<<: {a: 1}}");
}

std::string documents(std::string_view text, const Options& options = {}) {
    const auto all = read_documents(text, options);
    if (!all.ok()) return all.error().detail;
    std::string out;
    for (const auto& node : *all)
        out += (out.empty() ? "" : " | ") + std::to_string(node.line) + ": " + show(node);
    return out;
}

TEST(Yaml, ReadsSeveralDocumentsWithTheirLines) {
    EXPECT_EQ(documents("a: 1\n---\nb: 2\n...\n# note\n---\n- c\n"), "1: {a: 1} | 3: {b: 2} | 7: [c]");
    EXPECT_EQ(documents("%YAML 1.1\n---\na: 1\n"), "3: {a: 1}");
    EXPECT_EQ(documents("a: |\n  x\n  ---\nb: 'y\n\n  ---'\n"), "1: {a: 'x\n---\n', b: 'y\n---'}");
    EXPECT_EQ(documents(""), "");
    EXPECT_EQ(documents("a: 1\n---\n---\nb: 2\n"), "1: {a: 1} | 3:  | 4: {b: 2}");
}

TEST(Yaml, TellsWhichDocumentIsWrong) {
    EXPECT_EQ(documents("a: 1\n---\nb: 1\nb: 2\n"), "line 4: b is given twice");
    EXPECT_EQ(documents("a: 1\n--- [\n"),
              "line 3: while parsing a flow node did not find expected node content (column 1)");
    Options anchors;
    anchors.anchors = true;
    EXPECT_EQ(documents("a: &x 1\n---\nb: *x\n", anchors), "line 3: no anchor &x before this alias");
}

TEST(Yaml, CountsTheValuesOfAllDocumentsTogether) {
    Options few;
    few.limits.nodes = 10;
    EXPECT_EQ(documents("[1, 2]\n---\n[3]\n---\n[4]\n", few), "1: [1, 2] | 3: [3] | 5: [4]");
    EXPECT_EQ(documents("[1, 2]\n---\n[3, 4]\n---\n[5, 6, 7, 8]\n", few), "line 5: too many values");
    few.limits.bytes = 10;
    EXPECT_EQ(documents("[1, 2, 3, 4]", few), "over 10 bytes");
}

TEST(Yaml, OfDocumentsEveryTruncationIsAnErrorOrAPrefix) {
    const std::string text = "a: [1, {b: 'c'}]\n---\nd: |\n  text\n...\n---\ne: \"f\"\n";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto all = read_documents(std::string_view(text).substr(0, size), {});
        if (all.ok())
            EXPECT_LE(all->size(), 3U) << size;
        else
            EXPECT_TRUE(all.error().detail.starts_with("line ")) << size;
    }
}

TEST(Yaml, FindsAKeyGivenTwiceAmongThousandsInNoTime) {
    std::string text;
    for (int i = 0; i < 9000; ++i) text += "key" + std::to_string(i) + ": 1\n";
    EXPECT_TRUE(read(text).ok());
    EXPECT_EQ(strictly(text + "key17: 2\n"), "line 9001: key17 is given twice");
}

TEST(Yaml, TheLastOfAKeyGivenTwiceWinsWhereThatIsAsked) {
    Options options = all_of_it();
    std::string heard;
    options.twice = [&](unsigned line, std::string_view key) {
        heard += std::to_string(line) + std::string(key);
    };
    EXPECT_EQ(shown("a: 1\nb: 2\na: 3\n", options), "{a: 3, b: 2}");
    EXPECT_EQ(heard, "3a");
}

TEST(Yaml, ReplacesAliases) {
    EXPECT_EQ(shown("a: &x {b: [1]}\nc: *x\nd: [*x, *x]\n"),
              "{a: {b: [1]}, c: {b: [1]}, d: [{b: [1]}, {b: [1]}]}");
    EXPECT_EQ(shown("a: &x 1\nb: &x 2\nc: *x\n"), "{a: 1, b: 2, c: 2}");
    EXPECT_EQ(shown("a: *x\n"), "line 1: no anchor &x before this alias");
    EXPECT_EQ(shown("a: &x [*x]\n"), "line 1: no anchor &x before this alias");
}

TEST(Yaml, MergesMaps) {
    const std::string base = "b: &b {x: 1, y: 1}\nc: &c {y: 2, z: 2}\n";
    const auto merged = [&](const std::string& text) {
        const auto node = read(base + "m:\n" + text, all_of_it());
        return node.ok() ? show(node->map[2].value) : node.error().detail;
    };
    EXPECT_EQ(merged("  <<: *b\n  w: 0\n"), "{x: 1, y: 1, w: 0}");
    EXPECT_EQ(merged("  y: 0\n  <<: *b\n"), "{x: 1, y: 0}");
    EXPECT_EQ(merged("  <<: [*b, *c]\n"), "{y: 1, z: 2, x: 1}");
    EXPECT_EQ(merged("  <<: *b\n  <<: *c\n"), "{x: 1, y: 2, z: 2}");
    EXPECT_EQ(merged("  '<<': 1\n"), "{<<: 1}");
    EXPECT_EQ(merged("  <<: 1\n"), "line 4: << wants a map, or a list of maps");
    EXPECT_EQ(merged("  <<: [*b, 1]\n"), "line 4: << wants a map, or a list of maps");
}

TEST(Yaml, BoundsWhatAliasesComeTo) {
    std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) text += (j ? ", " : "") + before;
        text += "]\n";
    }
    EXPECT_EQ(shown(text), "line 4: too many values");
}

TEST(Yaml, BoundsTheTextThatAliasesComeTo) {
    std::string text = "a: &a " + std::string(64'000, 'x') + "\nb: [";
    for (int i = 0; i < 30; ++i) text += "*a, ";
    EXPECT_EQ(shown(text + "*a]\n"), "line 2: too many values");
}

TEST(Yaml, BoundsTheDepthThatAliasesComeTo) {
    std::string text = "a0: &a0 [[[[[[x]]]]]]\n";
    for (int i = 1; i < 4; ++i)
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [[[[[[*a" + std::to_string(i - 1) +
                "]]]]]]\n";
    EXPECT_EQ(shown(text), "line 3: nested too deep");
    EXPECT_EQ(strictly(std::string(40, '[')), "line 1: nested too deep");
}

TEST(Yaml, KeepsTagsWhereThatIsAsked) {
    EXPECT_EQ(shown("a: !vault |\n  $X\n  y\nb: !!str 5\nc: !unsafe [1]\nd: ! 5\n"),
              "{a: !vault $X\ny\n, b: tag:yaml.org,2002:str 5, c: !unsafe [1], d: ! 5}");
}

TEST(Yaml, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(strictly("a:\n\tb: 1\n"),
              "line 2: a tab where blanks are wanted: YAML takes no tabs for indentation (column 1)");
    EXPECT_EQ(strictly("a: 1\nb: \"x\nc: 2\n"), "line 2: the quote that opens here is not closed (column 4)");
    EXPECT_EQ(
        strictly("a: b: c\n"),
        "line 1: a second \": \" in one line, or a wrong indentation; quote a value that has \": \" in it "
        "(column 5)");
    EXPECT_EQ(strictly("a: 1\nb\nc: 2\n"), "line 3: a key without \":\", or a wrong indentation (column 1)");
    EXPECT_EQ(strictly("a: 1\nb: x\xFFy\n").substr(0, 7), "line 2:");
    Options options;
    options.file = "hosts.yml";
    options.error = ErrorId::inventory_invalid;
    const auto node = read("a: [1\n", options);
    ASSERT_FALSE(node.ok());
    EXPECT_EQ(node.error().id, ErrorId::inventory_invalid);
    EXPECT_EQ(node.error().detail.substr(0, 12), "hosts.yml:2:");
}

TEST(Yaml, SkipsAByteOrderMark) {
    EXPECT_EQ(strictly("\xEF\xBB\xBF"
                       "a: 1\nb: 2\n"),
              "{a: 1, b: 2}");
}

TEST(Yaml, HasLimits) {
    EXPECT_EQ(read("a: 12345\n", Limits{8, 16, 100}).error().detail, "over 8 bytes");
    EXPECT_EQ(read("a: {b: {c: 1}}\n", Limits{100, 2, 100}).error().detail, "line 1: nested too deep");
    EXPECT_EQ(read("[1, 2, 3]\n", Limits{100, 16, 3}).error().detail, "line 1: too many values");
}

TEST(Yaml, EveryTruncationIsAnErrorOrAPrefix) {
    const std::string text =
        "a: &x\n  b: 'c d'\n  e: [f, {g: h}]\nm:\n  <<: *x\n  v: !vault |\n    $A\n    12\n";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto node = read(std::string_view(text).substr(0, size), all_of_it());
        if (!node.ok()) {
            EXPECT_NE(node.error().detail.find("line "), std::string::npos) << size;
        } else if (node->kind == Node::Kind::map && !node->map.empty()) {
            EXPECT_EQ(node->map[0].key.substr(0, 1), "a") << size;
        }
    }
}

TEST(Yaml, ATreeIsTheEventsThatItWasReadFrom) {
    const std::string text = "a: {b: [1, 'c', []], d: {}}\ne: !t x\nf:\n";
    const Options options = all_of_it();
    const auto root = read(text, options);
    ASSERT_TRUE(root.ok());
    const auto tree = tree_events(*root);
    const auto library = library_events(text, options);
    ASSERT_TRUE(library.ok());
    while (true) {
        Event a, b;
        ASSERT_TRUE(tree->next(a).ok());
        ASSERT_TRUE((*library)->next(b).ok());
        ASSERT_EQ(a.kind, b.kind);
        EXPECT_EQ(a.text, b.text);
        EXPECT_EQ(a.plain, b.plain);
        EXPECT_EQ(a.tag, b.tag);
        if (a.kind == Event::Kind::scalar) {
            EXPECT_EQ(a.line, b.line);
        }
        if (a.kind == Event::Kind::end) break;
    }
}

// The events of a stream, in a line: "{a 1}"; "tree" where it gives up.
std::string streamed(std::string_view text, const Options& options = all_of_it()) {
    auto library = library_events(text, options);
    if (!library.ok()) return library.error().detail;
    StreamEvents events(std::move(*library), options);
    std::string out;
    while (true) {
        Event event;
        const auto read = events.next(event);
        if (events.needs_tree()) return "tree";
        if (!read.ok()) return Error(read.error()).detail;
        if (event.kind == Event::Kind::end) return out;
        constexpr std::string_view marks = ".*{}[]";
        out += event.kind == Event::Kind::scalar
                   ? std::string(event.text) + "."
                   : std::string(1, marks[static_cast<std::size_t>(event.kind)]);
    }
}

TEST(YamlStream, GivesWhatTheTreeWouldGive) {
    EXPECT_EQ(streamed("a: {b: [1, {c: d}], e: {}}\nf: {b: 2}\ng:\n"), "{a.{b.[1.{c.d.}]e.{}}f.{b.2.}g..}");
    EXPECT_EQ(streamed("- {a: 1}\n- {a: 2}\n"), "[{a.1.}{a.2.}]");
    EXPECT_EQ(streamed(""), "");
    EXPECT_EQ(streamed("x"), "x.");
    EXPECT_EQ(streamed("a: [\n").substr(0, 6), "line 2");
}

TEST(YamlStream, GivesUpWhereATreeIsNeeded) {
    for (const char* text : {"a: &x 1\n", "a: *x\n", "<<: {a: 1}\n", "a: 1\nb: 2\na: 3\n", "[a]: 1\n",
                             "{a: 1}: 2\n", "a: {b: {}, c: [], b: 1}\n"})
        EXPECT_EQ(streamed(text), "tree") << text;
    EXPECT_EQ(streamed("'<<': 1\na: {a: 1}\n"), "{<<.1.a.{a.1.}}");
    Options no_tags = all_of_it();
    no_tags.tags = false;
    EXPECT_EQ(streamed("a: !x 1\n", no_tags), "tree");
    EXPECT_EQ(streamed(std::string(40, '['), all_of_it()), "tree");
}

TEST(YamlStream, SeesAKeyGivenTwiceAmongMany) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + ": {x: 1, y: 2}\n";
    EXPECT_NE(streamed(text), "tree");
    for (const int twice : {0, 5, 24, 25, 999})
        EXPECT_EQ(streamed(text + "k" + std::to_string(twice) + ": 1\n"), "tree");
}

TEST(YamlStream, OfEveryTruncationIsThatOfTheTree) {
    const std::string text = "a: [x, 'b c', {d: e}]\nf:\n  - g: |\n      h\n  - i: !t j\nk: \"l\\n\"\n";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const std::string cut = text.substr(0, size);
        const auto tree = read(cut, all_of_it());
        const std::string stream = streamed(cut);
        EXPECT_EQ(stream.starts_with("line "), !tree.ok()) << cut;
    }
}

}  // namespace
}  // namespace mullion::yaml
