#include "core/nearest.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace mullion {
namespace {

constexpr std::size_t longest_word = 128;  // The work is quadratic.

// Letters changed, left out, put in or swapped with their neighbour (optimal string alignment): swapping is
// what fingers do most.
// Gives `most` + 1 as soon as it is clear that there are more.
std::size_t edits(std::string_view a, std::string_view b, std::size_t most) {
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > most) return most + 1;
    const auto same = [](char one, char other) {
        return std::tolower(static_cast<unsigned char>(one)) ==
               std::tolower(static_cast<unsigned char>(other));
    };
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        // What follows begins from these two rows, and only grows.
        if (std::min(*std::min_element(row.begin(), row.end()), *std::min_element(last.begin(), last.end())) >
            most)
            return most + 1;
        std::swap(before, last);
        std::swap(last, row);
    }
    return last.back();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.size() > longest_word) return {};
    std::string_view best;
    std::size_t most = std::max<std::size_t>(word.size(), 3) / 3;  // So many, and fewer than the best has.
    for (const auto candidate : candidates) {
        // The last part alone counts too: people leave out "Service/Auth".
        const auto slash = candidate.rfind('/');
        const auto last = slash == std::string_view::npos ? candidate : candidate.substr(slash + 1);
        const std::size_t needed = std::min(edits(word, candidate, most), edits(word, last, most));
        if (needed > most) continue;
        best = candidate;
        if (needed == 0) break;
        most = needed - 1;
    }
    return best;
}

}  // namespace mullion
