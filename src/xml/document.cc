#include "xml/document.h"

#include <utility>

#include "xml/source.h"
#include "xml/tree.h"

namespace mullion::xml {

// Not movable itself: the nodes point to each other and into the text.
struct Document::State {
    Source source;
    Tree tree;
};

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string bytes, const Limits& limits) {
    auto state = std::make_unique<State>();
    MULLION_ASSIGN(state->source.text, to_utf8(std::move(bytes), limits));
    MULLION_ASSIGN(state->tree, read_tree(state->source.text, limits));
    return Document(std::move(state));
}

Result<Document> Document::parse(std::string_view bytes, const Limits& limits) {
    return parse(std::string(bytes), limits);
}

Element Document::root() const {
    return Access::element(state_->tree.nodes.data());
}

}  // namespace mullion::xml
