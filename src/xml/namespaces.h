// "Namespaces in XML 1.0": every prefix declared, no attribute twice by its expanded name, reserved names
// kept. Every reader of this room asks it.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "xml/attribute.h"

namespace mullion::xml {

// Keeps views of names and values: they have to outlive it, or the element that declares them.
class Namespaces {
public:
    Namespaces();

    // What the attributes of an element declare holds until its close(). Sets the namespaces of its name and
    // of its attributes. `at` is where its tag begins, for errors.
    [[nodiscard]] Result<void> open(const QName& name, std::span<Attribute> attributes,
                                    std::string_view& space, std::size_t at);
    // The same of an element without attributes, as nearly all are. False when its prefix is not declared:
    // undeclared() is the error.
    [[nodiscard]] bool open(const QName& name, std::string_view& space);
    [[nodiscard]] static Error undeclared(const QName& name, std::size_t at);
    void close();

    [[nodiscard]] std::optional<std::string_view> find(std::string_view prefix) const;
    // What is declared here, as attributes, innermost last: a prefix may be there more than once.
    [[nodiscard]] std::span<const Attribute> declarations() const { return declarations_; }
    [[nodiscard]] std::size_t around() const { return open_.back(); }  // How many hold around the last one.
    // What holds around the first element.
    void declare_around(std::span<const Attribute> declarations);

private:
    [[nodiscard]] Result<void> declare(const Attribute& attribute, std::string_view prefix, std::size_t at);

    std::vector<Attribute> declarations_;  // In scope, innermost last; `local` is the prefix.
    std::vector<std::size_t> open_;        // How many there were around each element.
};

}  // namespace mullion::xml
