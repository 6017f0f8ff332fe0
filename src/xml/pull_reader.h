// Reading a document front to back, one event at a time, without keeping it: for answers with thousands of
// elements that are looked at once. Refuses what Document refuses, with the same words, but where it stands:
// events that came before are true of a document that turns out to be none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "xml/attribute.h"
#include "xml/document.h"

namespace mullion::xml {

class PullReader {
public:
    // Comments are passed over; one text may come in several pieces.
    enum class Event : std::uint8_t { start, text, end, finished, failed };

    PullReader(PullReader&&) noexcept;
    PullReader& operator=(PullReader&&) noexcept;
    ~PullReader();

    // UTF-8 and UTF-16 as Document::parse() takes them. Errors: wsman.malformed.
    [[nodiscard]] static Result<PullReader> of(std::string bytes, const Limits& limits = {});

    // A Result for each event would cost as much as the event: after `failed` it stays so, and error() says
    // why.
    [[nodiscard]] Event next();
    [[nodiscard]] const Error& error() const;
    // How many elements are open: that of a start is counted, that of an end no longer.
    [[nodiscard]] std::size_t depth() const;

    // Of the last start. Names are views of the text, valid as long as this.
    [[nodiscard]] std::string_view name() const { return name_.whole; }  // As written.
    [[nodiscard]] std::string_view local() const { return name_.local; }
    [[nodiscard]] std::string_view space() const { return space_; }
    [[nodiscard]] bool is(std::string_view space, std::string_view local) const {
        return name_.local == local && space_ == space;
    }
    // Until the next start.
    [[nodiscard]] std::span<const Attribute> attributes() const { return attributes_; }
    [[nodiscard]] std::optional<std::string_view> attribute(std::string_view space,
                                                            std::string_view local) const;
    // What a prefix means here, as Element::namespace_of().
    [[nodiscard]] std::optional<std::string_view> namespace_of(std::string_view prefix) const;

    // The piece of a text event, decoded; until the next call of this or of leaf().
    [[nodiscard]] std::string_view text();

    // Right behind a start, for most elements: when they hold nothing but text in one piece, that text, and
    // the element has ended. Otherwise nothing was read, and next() goes on. Valid as text() is.
    [[nodiscard]] std::optional<std::string_view> leaf();

    // Goes on until so many elements are open. After a start, depth() - 1 passes over it.
    [[nodiscard]] Result<void> skip_to(std::size_t depth);

    // For the few elements that have to be looked at as a whole, when that is known only inside of them: the
    // element as a tree, valid until the next call. Goes on to its end, if that did not come yet.
    struct Mark {
        std::size_t began = 0;
        std::size_t depth = 0;
        std::size_t declarations = 0;  // How many hold around it.
    };
    [[nodiscard]] Mark mark() const;  // Of the last start, right behind it.
    [[nodiscard]] Result<Element> take(const Mark& mark);

    [[nodiscard]] std::string_view source() const;  // The whole document in UTF-8.
    [[nodiscard]] std::size_t position() const;     // Behind the last event, in source().

private:
    struct State;
    explicit PullReader(std::unique_ptr<State> state);
    bool open();

    std::unique_ptr<State> state_;
    QName name_;
    std::string_view space_;
    std::span<const Attribute> attributes_;
};

}  // namespace mullion::xml
