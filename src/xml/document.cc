#include "xml/document.h"

#include <fmt/format.h>

#include <new>

#include "encoding/utf16.h"
#include "xml/scanner.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

// Text stays as sent, apart from line ends (XML 1.0 2.11); what the scanner let through has no DOCTYPE and no
// processing instructions, and comments mean nothing here.
constexpr unsigned parse_options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                   pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;

// The document as UTF-8 without its BOM, in a string of its own that pugixml may write to. XML 1.0 appendix
// F.
Result<std::string> to_utf8(std::string_view bytes) {
    using encoding::ByteOrder;
    const auto starts = [bytes](std::string_view with) { return bytes.starts_with(with); };
    if (starts("\xEF\xBB\xBF")) return std::string(bytes.substr(3));
    const bool marked = starts("\xFF\xFE") || starts("\xFE\xFF");
    const bool little = starts("\xFF\xFE") || starts(std::string_view("<\0", 2));
    const bool big = starts("\xFE\xFF") || starts(std::string_view("\0<", 2));
    if (!little && !big) return std::string(bytes);
    auto text =
        encoding::utf16_to_utf8(bytes.substr(marked ? 2 : 0), little ? ByteOrder::little : ByteOrder::big);
    if (!text) return malformed_at(0, "the document is not valid UTF-16");
    return *std::move(text);
}

}  // namespace

// Not movable itself: the nodes point to each other and into the text.
struct Document::State {
    std::string text;
    pugi::xml_document tree;
};

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view bytes, const Limits& limits) {
    if (bytes.size() > limits.bytes) {
        return malformed_at(limits.bytes, fmt::format("the document has {} bytes, the limit is {}",
                                                      bytes.size(), limits.bytes));
    }
    auto state = std::make_unique<State>();
    MULLION_ASSIGN(state->text, to_utf8(bytes));
    MULLION_TRY(check_syntax(state->text, limits));
    const auto parsed = state->tree.load_buffer_inplace(state->text.data(), state->text.size(), parse_options,
                                                        pugi::encoding_utf8);
    if (parsed.status == pugi::status_out_of_memory) throw std::bad_alloc();
    if (!parsed) return malformed_at(static_cast<std::size_t>(parsed.offset), parsed.description());
    MULLION_TRY(check_namespaces(state->tree.document_element()));
    return Document(std::move(state));
}

Element Document::root() const {
    return Access::element(state_->tree.document_element());
}

}  // namespace mullion::xml
