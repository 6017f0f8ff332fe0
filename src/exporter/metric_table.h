// For collectors most of whose metrics are one property each: a table, from which the rest follows.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "exporter/collector.h"

namespace mullion::exporter {

struct Metric {
    Family family;
    std::string_view property;
    double factor = 1;
};

template <std::size_t N>
constexpr std::array<Column, N> columns_of(const Metric (&metrics)[N]) {
    std::array<Column, N> columns = {};
    for (std::size_t at = 0; at < N; ++at)
        columns[at] = {metrics[at].property, &metrics[at].family, metrics[at].factor};
    return columns;
}

template <std::size_t N>
constexpr std::array<const Family*, N> families_of(const Metric (&metrics)[N]) {
    std::array<const Family*, N> families = {};
    for (std::size_t at = 0; at < N; ++at) families[at] = &metrics[at].family;
    return families;
}

// The properties behind `keys`.
template <std::size_t N, std::size_t K>
constexpr std::array<std::string_view, N + K> properties_of(const Metric (&metrics)[N],
                                                            const std::string_view (&keys)[K]) {
    std::array<std::string_view, N + K> properties = {};
    for (std::size_t at = 0; at < K; ++at) properties[at] = keys[at];
    for (std::size_t at = 0; at < N; ++at) properties[K + at] = metrics[at].property;
    return properties;
}
template <std::size_t N>
constexpr std::array<std::string_view, N> properties_of(const Metric (&metrics)[N]) {
    std::array<std::string_view, N> properties = {};
    for (std::size_t at = 0; at < N; ++at) properties[at] = metrics[at].property;
    return properties;
}

// One array of both.
template <class T, std::size_t A, std::size_t B>
constexpr std::array<T, A + B> together(const std::array<T, A>& first, const std::array<T, B>& second) {
    std::array<T, A + B> all = {};
    for (std::size_t at = 0; at < A; ++at) all[at] = first[at];
    for (std::size_t at = 0; at < B; ++at) all[A + at] = second[at];
    return all;
}

}  // namespace mullion::exporter
