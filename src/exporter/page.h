// The metrics of one answer, grouped by name as the format wants it, however they come in.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/family.h"

namespace mullion::exporter {

// Hashes that have been seen, side by side in memory: a page of a host is some thousand.
class SeenHashes {
public:
    // False: it was there.
    [[nodiscard]] bool insert(std::size_t hash);

private:
    [[nodiscard]] std::size_t place_of(std::size_t hash) const;
    void grow();

    std::vector<std::size_t> places_;  // 0: free. A power of two, at most half of it taken.
    std::size_t count_ = 0;
};

struct PageLimits {
    std::size_t series = 200'000;  // A host with so many has gone mad, or wants us to.
    std::size_t label_bytes = 1'024;
    std::size_t bytes = 32UL * 1024 * 1024;  // Of all lines; the largest hosts have a tenth of it.
};

class Page {
public:
    explicit Page(PageLimits limits = {}) : limits_(limits) {}

    // Label values in the order of the family's names. The same series a second time would have Prometheus
    // refuse the whole answer: the first stays, and dropped() counts the others, as it does those over the
    // limits.
    void add(const Family& family, std::span<const std::string_view> labels, double value);
    void add(const Family& family, std::initializer_list<std::string_view> labels, double value) {
        add(family, std::span(labels.begin(), labels.size()), value);
    }

    [[nodiscard]] std::size_t series() const { return series_; }
    [[nodiscard]] std::size_t dropped() const { return dropped_; }

    // Families in the order in which they first came. Constant labels are none of ours: Prometheus adds its
    // own.
    [[nodiscard]] std::string print() const;

private:
    struct Group {
        const Family* family;
        std::string lines = {};
    };

    [[nodiscard]] Group& group_of(const Family& family);

    PageLimits limits_;
    std::vector<Group> groups_;
    std::map<std::string_view, std::size_t> places_;  // In groups_, by name.
    // Hashes of name and labels. Two series that share one are not told apart: of a million there is one such
    // pair in 37 million pages.
    SeenHashes seen_;
    // Where the last one went: most series come family by family.
    const Family* last_family_ = nullptr;
    std::size_t last_group_ = 0;
    std::size_t series_ = 0, dropped_ = 0, bytes_ = 0;
};

}  // namespace mullion::exporter
