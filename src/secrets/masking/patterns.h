// Many texts looked for at once, one byte at a time: the automaton of Aho and Corasick (Efficient string
// matching, CACM 18, 1975). A byte costs the same however many texts there are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace mullion::secrets {

class Patterns {
public:
    // Where a reader is: `depth` bytes behind it are the beginning of some text, and no more than these.
    struct Place {
        std::uint32_t node = 0;
        std::uint32_t depth = 0;
    };

    // In any order, also twice; empty ones are left out. About nine bytes of memory for each byte in which
    // they differ; together they must be shorter than 1 GiB.
    explicit Patterns(std::vector<Secret> texts);
    Patterns(const Patterns&) = delete;
    Patterns& operator=(const Patterns&) = delete;
    ~Patterns();  // Wiped: its letters are the secrets'.

    [[nodiscard]] Place next(Place from, char byte) const;
    // The same for what comes next, with no more behind it than can still become a text: where one has ended
    // that is the beginning of no other, its bytes need not be waited with.
    [[nodiscard]] Place settled(Place place) const;
    // How long the longest text is that ends here; 0: none does.
    [[nodiscard]] std::size_t ending_at(Place place) const;
    // Where in `bytes` a text could begin first; their size: nowhere.
    [[nodiscard]] std::size_t first_beginning(std::string_view bytes) const;

    [[nodiscard]] std::size_t nodes() const { return labels_.size(); }

private:
    void build_tree(const std::vector<Secret>& texts);
    void build_links();
    [[nodiscard]] std::uint32_t child(std::uint32_t node, unsigned char byte) const;
    [[nodiscard]] std::uint32_t depth_of(std::uint32_t node) const;
    [[nodiscard]] std::uint32_t link(std::uint32_t node) const;

    // Nodes are numbered level by level, and children of one node follow one another, in the order of their
    // bytes; so a node's children end where the next node's begin. Node 0 is the root.
    std::vector<unsigned char> labels_;
    std::vector<std::uint32_t> first_child_;
    // Where to go on when no child fits: the longest proper end of this beginning that is a beginning, too.
    // And flags.
    std::vector<std::uint32_t> links_;
    std::vector<std::uint32_t> levels_;  // The first node of each depth.
    std::array<std::uint32_t, 256> roots_{};
};

}  // namespace mullion::secrets
