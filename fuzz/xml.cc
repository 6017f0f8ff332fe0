// XML: what parses can be printed, parses again and means the same; both readers see the same or refuse it
// with the same words; and what Writer writes, the reader takes.
#include <cstdint>

#include "check.h"
#include "xml/document.h"
#include "xml/rewrite.h"
#include "xml/tests/read_both.h"
#include "xml/writer.h"

using namespace mullion::xml;

namespace {

void look(const Element& element) {
    (void)element.space();
    if (const auto view = element.text_view()) FUZZ_CHECK(*view == element.text());
    FUZZ_CHECK(element.trimmed().size() <= element.text().size());
    for (const Element& child : element.children()) {
        FUZZ_CHECK(element.first(child.space(), child.local()));
        look(child);
    }
}

void check_document(std::string_view input) {
    FUZZ_CHECK(both::difference(std::string(input)).empty());
    FUZZ_CHECK(both::difference(std::string(input), {.depth = 3, .attributes = 2, .nodes = 8}).empty());
    const auto document = Document::parse(input);
    if (!document.ok()) return;
    const Element root = document->root();
    FUZZ_CHECK(both::difference_of_parts(std::string(input), root).empty());
    look(root);
    const std::string printed = root.to_xml();
    const auto again = Document::parse(printed, {.bytes = 64 * 1024 * 1024});
    FUZZ_CHECK(again.ok());
    FUZZ_CHECK(canonical(again->root()) == canonical(root));
    FUZZ_CHECK(again->root().to_xml() == printed);
    // Written again it is the same, whole or for people.
    const auto copied = Document::parse(rewritten(root, {}), {.bytes = 64 * 1024 * 1024});
    FUZZ_CHECK(copied.ok());
    FUZZ_CHECK(canonical(copied->root()) == canonical(root));
    const auto for_people = Document::parse(indented(root), {.bytes = 64 * 1024 * 1024});
    FUZZ_CHECK(for_people.ok());
    // A part of it stands on its own too, with what it inherits: that may be more than one element may
    // declare.
    const Element part = root.first();
    if (!part) return;
    const auto alone = Document::parse(part.to_xml(), {.bytes = 64 * 1024 * 1024, .attributes = 1024});
    FUZZ_CHECK(alone.ok());
    FUZZ_CHECK(canonical(alone->root()) == canonical(part));
}

void check_writer(std::string_view input) {
    Writer writer;
    writer.open("a").attribute("b", input).text(input).close();
    const auto document = Document::parse(writer.take(), {.bytes = 64 * 1024 * 1024});
    FUZZ_CHECK(document.ok());
    FUZZ_CHECK(document->root().attribute("", "b") == document->root().text());
    FUZZ_CHECK(document->root().text().size() <= input.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    check_document(input);
    check_writer(input);
    return 0;
}
