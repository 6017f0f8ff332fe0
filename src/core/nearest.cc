#include "core/nearest.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace mullion {
namespace {

constexpr std::size_t longest_word = 128;  // The work is quadratic.

std::size_t edits(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.size() > longest_word) return {};
    std::string_view best;
    std::size_t best_edits = 0;
    for (const auto candidate : candidates) {
        // The last part alone counts too: people leave out "Service/Auth".
        const auto slash = candidate.rfind('/');
        const auto last = slash == std::string_view::npos ? candidate : candidate.substr(slash + 1);
        const std::size_t needed = std::min(edits(word, candidate), edits(word, last));
        if (!best.empty() && needed >= best_edits) continue;
        if (needed * 3 > std::max<std::size_t>(word.size(), 3)) continue;
        best = candidate;
        best_edits = needed;
    }
    return best;
}

}  // namespace mullion
