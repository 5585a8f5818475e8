library(keras); library(tensorflow)
set_random_seed(3)
model <- application_mobilenet(weights=NULL, include_top=FALSE, input_shape=c(32,32,3), alpha=0.25)
layer_settings <- list("conv_pw_1_relu"=1, "conv_pw_2_relu"=2)
outputs <- list(); for (ln in names(layer_settings)) outputs[[ln]] <- get_layer(model, ln)$output
extractor <- keras_model(inputs = model$inputs, outputs = outputs)
compute_loss <- function(img) { features <- extractor(img); loss <- tf$zeros(shape()); for (ln in names(layer_settings)) { coeff <- layer_settings[[ln]]; act <- features[[ln]]; loss <- loss + coeff * tf$reduce_mean(tf$square(act[, 3:-3, 3:-3, ])) }; loss }
gradient_step <- tf_function(function(image, lr) { with(tf$GradientTape() %as% tape, { tape$watch(image); loss <- compute_loss(image) }); grads <- tape$gradient(loss, image); grads <- grads / tf$math$maximum(tf$reduce_mean(tf$abs(grads)), 1e-6); list(loss, image + lr*grads) })
img <- tf$random$uniform(shape(1,32,32,3))
for (i in 1:2) { c(loss, img) %<-% gradient_step(img, 0.01); cat(is.finite(as.numeric(loss)), "\n") }
dim(img)
deprocess <- function(x) { x <- as.array(x); x <- x[1,,,]; x <- (x - min(x))/(max(x)-min(x)); x }
plot(as.raster(deprocess(img)))
# style loss
gram <- function(x) { x <- tf$transpose(x, list(2L,0L,1L)); f <- tf$reshape(x, list(tf$shape(x)[1], -1L)); tf$matmul(f, tf$transpose(f)) }
dim(gram(tf$random$uniform(shape(4,5,3))))
total_variation_loss <- function(x) { a <- tf$square(x[,1:(31),1:31,] - x[,2:32,1:31,]); b <- tf$square(x[,1:31,1:31,]-x[,1:31,2:32,]); tf$reduce_sum(tf$pow(a+b,1.25)) }
is.finite(as.numeric(total_variation_loss(img)))
