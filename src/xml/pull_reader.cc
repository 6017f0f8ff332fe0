#include "xml/pull_reader.h"

#include <deque>
#include <utility>
#include <vector>

#include "xml/namespaces.h"
#include "xml/scanner.h"
#include "xml/source.h"
#include "xml/tree.h"
#include "xml/values.h"

namespace mullion::xml {

// Not movable itself: views point into the text.
struct PullReader::State {
    // An element that was taken out as a tree.
    struct Taken {
        Source source;
        Tree tree;
    };

    State(std::string utf8, const Limits& limits)
        : source(std::move(utf8)), limits(limits), scanner(source.text, limits) {}

    Source source;
    Limits limits;
    Scanner scanner;
    Namespaces namespaces;
    std::vector<Attribute> attributes;
    // Values that had to be decoded: of declarations they are needed as long as their element. All together
    // are shorter than the document.
    std::deque<std::string> decoded;
    std::string decoded_text;
    std::unique_ptr<Taken> taken;
    std::optional<Error> error;
    Token token = Token::finished;  // The last one.
};

PullReader::PullReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PullReader::PullReader(PullReader&&) noexcept = default;
PullReader& PullReader::operator=(PullReader&&) noexcept = default;
PullReader::~PullReader() = default;

Result<PullReader> PullReader::of(std::string bytes, const Limits& limits) {
    MULLION_ASSIGN(auto utf8, to_utf8(std::move(bytes), limits));
    return PullReader(std::make_unique<State>(std::move(utf8), limits));
}

PullReader::Event PullReader::next() {
    auto& state = *state_;
    if (state.error) return Event::failed;
    state.token = state.scanner.next();
    switch (state.token) {
        case Token::start:
            return open() ? Event::start : Event::failed;
        case Token::end:
            state.namespaces.close();
            return Event::end;
        case Token::text:
        case Token::cdata:
            return Event::text;
        case Token::finished:
            return Event::finished;
        case Token::failed:
            break;
    }
    state.error = state.scanner.error();
    return Event::failed;
}

bool PullReader::open() {
    auto& state = *state_;
    name_ = state.scanner.name();
    if (state.scanner.attributes().empty()) {
        attributes_ = {};
        if (!state.namespaces.open(name_, space_))
            state.error = Namespaces::undeclared(name_, state.scanner.began());
        return !state.error;
    }
    state.attributes.clear();
    for (const auto& [name, value, plain] : state.scanner.attributes()) {
        auto& attribute = state.attributes.emplace_back(Attribute{name.whole, name.local, {}, value});
        if (plain || first_special(value, ValueKind::attribute) == std::string_view::npos) continue;
        auto& decoded = state.decoded.emplace_back(value.size(), '\0');
        attribute.value = decode_value(value, ValueKind::attribute, decoded.data());
    }
    attributes_ = state.attributes;
    auto resolved = state.namespaces.open(name_, state.attributes, space_, state.scanner.began());
    if (!resolved) state.error = std::move(resolved).error();
    return !state.error;
}

const Error& PullReader::error() const {
    return *state_->error;
}

std::size_t PullReader::depth() const {
    return state_->scanner.depth();
}

std::optional<std::string_view> PullReader::attribute(std::string_view space, std::string_view local) const {
    for (const auto& attribute : attributes_)
        if (attribute.local == local && attribute.space == space && space != xmlns_namespace)
            return attribute.value;
    return std::nullopt;
}

std::optional<std::string_view> PullReader::namespace_of(std::string_view prefix) const {
    const auto found = state_->namespaces.find(prefix);
    if (!found && prefix.empty()) return std::string_view();
    return found;
}

std::string_view PullReader::text() {
    auto& state = *state_;
    const auto raw = state.scanner.piece();
    if (state.scanner.plain()) return raw;
    const auto kind = state.token == Token::cdata ? ValueKind::cdata : ValueKind::text;
    if (first_special(raw, kind) == std::string_view::npos) return raw;
    state.decoded_text.resize(raw.size());
    return decode_value(raw, kind, state.decoded_text.data());
}

std::optional<std::string_view> PullReader::leaf() {
    auto& state = *state_;
    if (state.error || !state.scanner.leaf()) return std::nullopt;
    state.namespaces.close();
    state.token = Token::text;
    return text();
}

Result<void> PullReader::skip_to(std::size_t outside) {
    while (depth() > outside)
        if (next() == Event::failed) return error();
    return {};
}

PullReader::Mark PullReader::mark() const {
    return {state_->scanner.began(), depth(), state_->namespaces.around()};
}

Result<Element> PullReader::take(const Mark& mark) {
    auto& state = *state_;
    // Its end is the last event, or comes next.
    MULLION_TRY(skip_to(mark.depth - 1));
    const auto around = state.namespaces.declarations().first(mark.declarations);
    state.taken = std::make_unique<State::Taken>();
    state.taken->source.text = source().substr(mark.began, position() - mark.began);
    MULLION_ASSIGN(state.taken->tree, read_tree_within(state.taken->source.text, state.limits, around));
    return Access::element(state.taken->tree.nodes.data() + (around.empty() ? 0 : 1));
}

std::string_view PullReader::source() const {
    return state_->source.text;
}

std::size_t PullReader::position() const {
    return state_->scanner.at();
}

}  // namespace mullion::xml
