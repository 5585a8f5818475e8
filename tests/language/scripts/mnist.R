library(keras)
c(c(x_train, y_train), c(x_test, y_test)) %<-% list(list(array(sample(0:255, 60*28*28, TRUE), c(60,28,28)), sample(0:9, 60, TRUE)), list(array(0L, c(10,28,28)), 0:9))
x_train <- array_reshape(x_train, c(nrow(x_train), 784)) / 255
x_test <- array_reshape(x_test, c(nrow(x_test), 784)) / 255
y_train <- to_categorical(y_train, 10)
y_test <- to_categorical(y_test, 10)
model <- keras_model_sequential()
model %>%
  layer_dense(units = 32, activation = 'relu', input_shape = c(784)) %>%
  layer_dropout(rate = 0.4) %>%
  layer_dense(units = 10, activation = 'softmax')
summary(model)
model %>% compile(loss = 'categorical_crossentropy', optimizer = optimizer_rmsprop(), metrics = c('accuracy'))
history <- model %>% fit(x_train, y_train, epochs = 2, batch_size = 16, validation_split = 0.2, verbose = 0,
   callbacks = list(callback_early_stopping(patience = 2), callback_reduce_lr_on_plateau()))
plot(history)
score <- model %>% evaluate(x_test, y_test, verbose = 0)
cat('Test loss:', score[["loss"]] > 0, "\n")
cat('Test accuracy:', score[["accuracy"]] >= 0, "\n")
pred <- model %>% predict(x_test, verbose = 0) %>% k_argmax()
print(dim(pred)); table(as.array(pred), 0:9)[1:1,1]>=0
head(model %>% predict_classes(x_test))>=0
save_model_hdf5(model, file.path(tempdir(), "m.h5")); m2 <- load_model_hdf5(file.path(tempdir(), "m.h5")); all.equal(predict(m2, x_test, verbose=0), predict(model, x_test, verbose=0))
par(mfcol=c(5,6)); par(mar=c(0, 0, 3, 0), xaxs='i', yaxs='i')
for (idx in 1:3) { im <- array(runif(784), c(28,28)); im <- t(apply(im, 2, rev)); image(1:28, 1:28, im, col=gray((0:255)/255), xaxt='n', main=paste(idx)) }
