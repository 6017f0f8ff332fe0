#include "xml/document.h"

#include <fmt/format.h>

#include <utility>

#include "core/secret.h"
#include "encoding/utf16.h"
#include "xml/scanner.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

// The document as UTF-8 without its BOM, in a string that may be written to. XML 1.0 appendix F.
Result<std::string> to_utf8(std::string document) {
    using encoding::ByteOrder;
    const std::string_view bytes = document;
    const auto starts = [bytes](std::string_view with) { return bytes.starts_with(with); };
    if (starts("\xEF\xBB\xBF")) {
        document.erase(0, 3);
        return document;
    }
    const bool marked = starts("\xFF\xFE") || starts("\xFE\xFF");
    const bool little = starts("\xFF\xFE") || starts(std::string_view("<\0", 2));
    const bool big = starts("\xFE\xFF") || starts(std::string_view("\0<", 2));
    if (!little && !big) return document;
    auto text =
        encoding::utf16_to_utf8(bytes.substr(marked ? 2 : 0), little ? ByteOrder::little : ByteOrder::big);
    wipe(document);
    if (!text) return malformed_at(0, "the document is not valid UTF-16");
    return *std::move(text);
}

}  // namespace

// A short document may be a request with a password in it (certmapping); what is long is output, and would
// cost time.
constexpr std::size_t longest_wiped = 64 * 1024;

// Not movable itself: the nodes point to each other and into the text.
struct Document::State {
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (text.size() <= longest_wiped) wipe(text);
    }
    std::string text;
    Tree tree;
};

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string bytes, const Limits& limits) {
    if (bytes.size() > limits.bytes) {
        return malformed_at(limits.bytes, fmt::format("the document has {} bytes, the limit is {}",
                                                      bytes.size(), limits.bytes));
    }
    auto state = std::make_unique<State>();
    MULLION_ASSIGN(state->text, to_utf8(std::move(bytes)));
    MULLION_ASSIGN(state->tree, read_tree(state->text, limits));
    return Document(std::move(state));
}

Result<Document> Document::parse(std::string_view bytes, const Limits& limits) {
    return parse(std::string(bytes), limits);
}

Element Document::root() const {
    return Access::element(state_->tree.nodes.data());
}

}  // namespace mullion::xml
