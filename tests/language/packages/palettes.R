# Colours that R 4.2 gives.
wanted <- list(
  "Spectral" = c("#A71B4B", "#F9C25C", "#81DEAD", "#584B9F"),
  "Fall" = c("#3C5941", "#B4BD93", "#E3C28D", "#C7522B"),
  "YlOrRd" = c("#7D0025", "#EB5500", "#F7C252", "#FFFFC8"),
  "Zissou 1" = c("#3B99B1", "#9FC095", "#E8A419", "#F5191C"),
  "Blue-Red 3" = c("#002F70", "#B4C2EB", "#EDB4B5", "#5F1415"),
  "Set 2" = c("#ED90A4", "#ABB150", "#00C1B2", "#ACA2EC"),
  "Terrain" = c("#26A63A", "#B4B61A", "#FFC183", "#F1F1F1"),
  "cold" = c("#ACA4E2", "#6CB4D9", "#38BDBB", "#5CBD92")
)
for (name in names(wanted)) stopifnot(identical(hcl.colors(4, name), wanted[[name]]))
stopifnot(identical(hcl.colors(3, "Roma", alpha = 0.4, rev = TRUE), c("#1F28A266", "#D6EFCF66", "#7D011266")))
stopifnot(length(hcl.pals()) == 115, identical(hcl.pals("qualitative")[3:4], c("Dark 3", "Set 2")))
stopifnot(inherits(try(hcl.colors(3, "rainbows"), silent = TRUE), "try-error"), identical(hcl.colors(0), character()))

# A class may stand for its name.
library(keras)
layer <- layer_conv_2d(filters = 2, kernel_size = 3)
stopifnot(inherits(layer, keras$layers$Conv2D), inherits(layer, keras$layers$Layer), !inherits(layer, keras$layers$Dense), !inherits(1, keras$layers$Dense))
